"""Where the target's aura icons stand, and its cast bar under them."""

from __future__ import annotations

import pytest

from wowbot.core.layout import Era
from wowbot.hud.auras import cast_top, cast_tops, target_aura_boxes


def test_own_debuffs_are_larger_and_4_apart() -> None:
    debuffs, buffs = target_aura_boxes("wotlk", [True, False, True], [])
    assert [(b.x, b.y, b.size) for b in debuffs] == [(0, 0, 21), (25, 0, 17), (46, 0, 21)]
    assert buffs == []


def test_a_hostile_target_shows_its_buffs_under_the_debuffs() -> None:
    debuffs, buffs = target_aura_boxes("wotlk", [True], [False, False])
    assert debuffs[0].y == 0
    assert [(b.x, b.y) for b in buffs] == [(0, 24), (20, 24)]


def test_a_friendly_target_shows_buffs_first() -> None:
    debuffs, buffs = target_aura_boxes("wotlk", [True], [False], hostile=False)
    assert (buffs[0].y, debuffs[0].y) == (0, 20)


@pytest.mark.parametrize(("tot", "first_row"), [(False, 5), (True, 4)], ids=["alone", "beside target-of-target"])
def test_a_row_ends_where_its_width_ends(tot: bool, first_row: int) -> None:
    debuffs, _ = target_aura_boxes("wotlk", [True] * 8, [], tot=tot)
    assert [b.y for b in debuffs].count(0) == first_row


@pytest.mark.parametrize(("count", "size"), [(5, 21), (6, 17), (16, 17)])
def test_many_debuffs_are_small_in_1_12(count: int, size: float) -> None:
    debuffs, _ = target_aura_boxes("vanilla", [True] * count, [])
    assert {b.size for b in debuffs} == {size}
    assert max(b.x for b in debuffs) <= 5 * (size + 3)


@pytest.mark.parametrize(
    ("bottom", "options", "expected"),
    [
        (None, {}, 0.0),
        (21.0, {"rows": 1}, 11.0),
        (41.0, {"rows": 2}, 31.0),
        (21.0, {"rows": 1, "tot": True}, 28.0),
        (21.0, {"rows": 1, "elite": True}, 12.0),
        (41.0, {"rows": 2, "tot": True}, 31.0),
    ],
    ids=["no auras", "one row", "two rows", "tot", "elite", "tot, two rows"],
)
def test_cast_bar_moves_under_the_auras(bottom: float | None, options: dict[str, int], expected: float) -> None:
    assert cast_top("wotlk", bottom, **options) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("era", ["wotlk", "classic_era", "retail"])
@pytest.mark.parametrize("debuffs", [0, 1, 4, 6, 11])
@pytest.mark.parametrize("tot", [False, True], ids=["alone", "tot"])
def test_every_place_of_the_cast_bar_is_among_its_tops(era: Era, debuffs: int, tot: bool) -> None:
    shown, _ = target_aura_boxes(era, [n % 2 == 0 for n in range(debuffs)], [], tot=tot)
    bottom = max((b.y + b.size for b in shown), default=None)
    top = cast_top(era, bottom, tot=tot, rows=len({b.y for b in shown}))
    assert top in cast_tops(era)


@pytest.mark.parametrize("era", ["vanilla", "tbc"])
def test_early_clients_never_move_it(era: Era) -> None:
    assert cast_tops(era) == (0.0,)
    assert cast_top(era, 66.0, tot=True, rows=3) == 0.0
