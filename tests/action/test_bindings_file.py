"""The client's bindings-cache.wtf, era by era; the texts are written here to the documented format."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.action.bindings_file import ClientBindings, parse_bindings, read_bindings, sort_bindings
from wowbot.core.errors import ConfigError

VANILLA = """bind W MOVEFORWARD\r
bind UP MOVEFORWARD\r
bind 1 ACTIONBUTTON1\r
bind CTRL-1 BONUSACTIONBUTTON1\r
bind CTRL-F1 SHAPESHIFTBUTTON1\r
bind TAB TARGETNEARESTENEMY\r
bind BUTTON4 TOGGLEAUTORUN\r
bind MOUSEWHEELUP CAMERAZOOMIN\r
"""
WOTLK = """bind 1 ACTIONBUTTON1\r
bind SHIFT-1 MULTIACTIONBAR1BUTTON1\r
bind CTRL-SHIFT-NUMPADPLUS MULTIACTIONBAR2BUTTON12\r
bind - ACTIONBUTTON11\r
bind ALT-- MULTIACTIONBAR3BUTTON2\r
bind F INTERACTTARGET\r
bind NUMPAD3 SPELL Frost Nova\r
bind BUTTON5 CLICK MyButton:LeftButton\r
modifiedclick ALT SELFCAST\r
modifiedclick CTRL DRESSUP\r
"""
RETAIL = """bindingMode 0
bind 1 ACTIONBUTTON1
bind LALT-Q MULTIACTIONBAR4BUTTON1
bind PADRTRIGGER JUMP
bind BUTTON6 ACTIONBUTTON9
bind E NONE
bind SHIFT-MOUSEWHEELUP ACTIONBUTTON5
"""
CLASSIC_ERA = """bind & ACTIONBUTTON1
bind É ACTIONBUTTON2
bind Q STRAFELEFT
bind Z MOVEFORWARD
"""


def read(text: str) -> ClientBindings:
    return sort_bindings(parse_bindings(text, "bindings-cache.wtf"))


@pytest.mark.parametrize(
    ("text", "bars", "abilities"),
    [
        pytest.param(
            VANILLA,
            {"main": {"1": "1"}, "pet": {"1": "ctrl-1"}, "stance": {"1": "ctrl-f1"}},
            {"autorun": "mouse4", "move_forward": "w", "target_nearest": "tab"},
            id="vanilla",
        ),
        pytest.param(
            WOTLK,
            {
                "bottom_left": {"1": "shift-1"},
                "bottom_right": {"12": "shift-ctrl-numpadplus"},
                "main": {"1": "1", "11": "-"},
                "right": {"2": "alt--"},
            },
            {"interact": "f"},
            id="wotlk",
        ),
        pytest.param(RETAIL, {"left": {"1": "alt-q"}, "main": {"1": "1", "5": "shift-wheelup"}}, {}, id="retail"),
        pytest.param(
            CLASSIC_ERA,
            {"main": {"1": "&", "2": "é"}},
            {"move_forward": "z", "strafe_left": "q"},
            id="classic_era, AZERTY",
        ),
    ],
)
def test_each_era_is_read(text: str, bars: dict[str, dict[str, str]], abilities: dict[str, str]) -> None:
    client = read(text)
    assert client.bars == bars
    assert client.abilities == abilities


def test_spells_and_clicks_are_kept_by_their_name() -> None:
    assert read(WOTLK).by_name == {"CLICK MyButton:LeftButton": "mouse5", "SPELL Frost Nova": "numpad3"}


def test_what_cannot_be_pressed_is_noted_with_its_line() -> None:
    assert [note.split(":")[0] for note in read(RETAIL).notes] == ["line 4", "line 5"]


def test_the_easier_of_two_keys_is_taken() -> None:
    assert read("bind SHIFT-Q ACTIONBUTTON1\nbind BUTTON4 ACTIONBUTTON1\nbind Q ACTIONBUTTON1\n").bars["main"] == {
        "1": "q"
    }


def test_a_key_bound_twice_keeps_its_last_command_and_is_noted() -> None:
    client = read("bind Q ACTIONBUTTON1\nbind Q ACTIONBUTTON2\n")
    assert client.bars == {"main": {"2": "q"}}
    assert "Q was ACTIONBUTTON1 in line 1" in client.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bind 1 ACTIONBUTTON1\nbind 2\n", r":2: `bind 2` names no command; complete or delete"),
        ("bnd 1 ACTIONBUTTON1\n", r":1: found 'bnd 1 ACTIONBUTTON1'.*Did you mean 'bind'"),
        ("bind SHFT-1 ACTIONBUTTON1\n", r":1: 'SHFT' in 'SHFT-1' is no modifier.*Did you mean 'SHIFT'"),
        ("bind 1 A\n\nbind NUMPAD77 ACTIONBUTTON1\n", r":3: 'NUMPAD77'.*Did you mean 'NUMPAD7'"),
        ("modifiedclick ALT SELFCAST\n", "holds no `bind` line"),
        ("", "holds no `bind` line"),
    ],
)
def test_a_broken_file_gives_line_and_mend(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_bindings(text, "bindings-cache.wtf")


def test_a_file_that_is_not_text_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "bindings-cache.wtf"
    path.write_bytes(b"bind 1 ACTIONBUTTON1\nbind \xff\xfe ACTIONBUTTON2\n")
    with pytest.raises(ConfigError, match=r":2: is not text"):
        read_bindings(path)


def test_a_missing_file_says_where_it_lies(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="WTF/Account"):
        read_bindings(tmp_path / "absent.wtf")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "bindings-cache.wtf"
    path.write_text("\ufeffbind 1 ACTIONBUTTON1\n", encoding="utf-8")
    assert read_bindings(path).bars == {"main": {"1": "1"}}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        sort_bindings(parse_bindings(text, "x"))


@given(
    st.lists(
        st.sampled_from(["bind 1 ACTIONBUTTON1", "bind ALT-2 JUMP", "bind Q NONE", "bind", "modifiedclick A B", "x"]),
        max_size=9,
    )
)
def test_any_lines_are_read_or_refused_with_a_config_error(lines: list[str]) -> None:
    with contextlib.suppress(ConfigError):
        sort_bindings(parse_bindings("\n".join(lines), "x"))
