"""Layout files keep what was saved and name what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.core.errors import WowbotError
from wowbot.core.layout import Layout, Rect, Region
from wowbot.hud import dump_layout, load_layout, save_layout, stock_layout
from wowbot.hud.units import STOCK_ERAS

GOOD = """
name = "mine"
era = "other"
size_wh = [800, 600]
[regions."player.health"]
rect = [10, 10, 100, 8]
reader = "bar"
options = { unit = "player", color = [0, 200, 0] }
"""


@pytest.mark.parametrize("era", STOCK_ERAS)
def test_a_saved_stock_layout_loads_as_itself(era: str, tmp_path: Path) -> None:
    layout = stock_layout(era, (1920, 1080))  # type: ignore[arg-type]
    save_layout(layout, tmp_path / "made" / "x.toml")
    assert load_layout(tmp_path / "made" / "x.toml") == layout


def test_a_hand_made_layout_gets_an_id_and_defaults(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD, encoding="utf-8")
    layout = load_layout(path)
    assert layout.id
    assert (layout.score, layout.ui_scale) == (1.0, 1.0)
    assert layout.regions["player.health"] == Region(
        Rect(10, 10, 100, 8), "bar", {"unit": "player", "color": [0, 200, 0]}
    )


scalars = st.one_of(
    st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
)


@given(options=st.dictionaries(st.text(max_size=8), values, max_size=4), name=st.text(min_size=1, max_size=10))
def test_any_options_survive_the_file(options: dict[str, object], name: str) -> None:
    import tomllib

    layout = Layout("i", name, "other", (640, 480), 1.0, {name: Region(Rect(0, 0, 5, 5), "bar", options)})
    read = tomllib.loads(dump_layout(layout))
    assert read["name"] == name
    assert read["regions"][name].get("options", {}) == options


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("era =", "eera ="), "unknown key 'eera'.*era"),
        (('era = "other"', 'era = "wrath"'), "wrath"),
        (("[800, 600]", "[800]"), "size_wh.*2 items"),
        (("[800, 600]", "[800, 0]"), "positive width and height"),
        (("[10, 10, 100, 8]", "[10, 10, 100]"), "rect.*4 items"),
        (("[10, 10, 100, 8]", "[900, 10, 100, 8]"), "outside the 800x600 frame"),
        (("[10, 10, 100, 8]", "[10, 10, 0, 8]"), "positive width and height"),
        (('reader = "bar"', 'reader = ""'), "empty name"),
        (('reader = "bar"', "reader = 3"), "reader.*expected text"),
        (('name = "mine"', "score = 3.0\nname = 'mine'"), "score"),
        (('name = "mine"', "ui_scale = 0\nname = 'mine'"), "ui_scale"),
        (('name = "mine"', 'name = "mine'), "not valid TOML"),
        (('name = "mine"\n', ""), "missing name"),
    ],
    ids=[
        "key",
        "era",
        "size",
        "size0",
        "rect",
        "outside",
        "empty",
        "reader",
        "type",
        "score",
        "scale",
        "toml",
        "missing",
    ],
)
def test_a_wrong_file_is_told_with_file_and_key(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(WowbotError, match=said) as caught:
        load_layout(path)
    assert "wrong.toml" in str(caught.value)


def test_a_layout_without_regions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text('name = "a"\nera = "other"\nsize_wh = [8, 8]\n[regions]\n', encoding="utf-8")
    with pytest.raises(WowbotError, match="no regions"):
        load_layout(path)


def test_an_option_toml_cannot_hold_is_refused() -> None:
    layout = Layout("i", "n", "other", (9, 9), 1.0, {"a": Region(Rect(0, 0, 1, 1), "bar", {"x": None})})
    with pytest.raises(WowbotError, match="NoneType"):
        dump_layout(layout)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WowbotError, match="cannot be written"):
        save_layout(stock_layout("wotlk", (1280, 720)), tmp_path / "file" / "x.toml")
