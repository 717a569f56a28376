"""What goes into a recording's header comes out of it; the tail is kept when a run ends badly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.recording.ticks import LAYOUT, run, tick_at
from wowbot.core.action import Verdict
from wowbot.core.errors import RecordingError
from wowbot.decision.profile import load_profile
from wowbot.perception.icons import IconLibrary
from wowbot.recording.plain import from_plain, to_plain
from wowbot.recording.reader import Recording
from wowbot.recording.schema import Header
from wowbot.recording.tail import TailTap
from wowbot.recording.text import dumps, loads
from wowbot.sim.session import SimSession
from wowbot.taping import (
    TailKeeper,
    icons_from,
    icons_text,
    profile_from,
    profile_text,
    recorded_profile,
    session_facts,
    session_from,
)


@pytest.mark.parametrize("name", ["mage", "warrior", "priest"])
def test_a_profile_comes_out_of_a_recording_as_it_went_in(name: str) -> None:
    profile = load_profile(name)
    found = profile_from(profile_text(profile), "here")
    assert (found.id, found.facts, found.rules_text) == (profile.id, profile.facts, profile.rules_text)
    assert found.bindings == profile.bindings


def test_a_session_comes_out_of_a_recording_with_the_same_first_picture() -> None:
    profile = load_profile("mage")
    session = SimSession("pack", 5, profile.bindings, size_wh=(800, 600), era="wotlk", hz=10.0)
    again = session_from(Header("sim", profile=profile_text(profile), sim=session_facts(session)))
    frames = []
    for each in (session, again):
        each.open()
        frame = each.read()
        each.close()
        assert frame is not None
        assert frame.image is not None
        frames.append(frame.image)
    np.testing.assert_array_equal(frames[0], frames[1])


def test_a_recording_without_profile_asks_for_one() -> None:
    with pytest.raises(RecordingError, match="--profile"):
        recorded_profile(Header("window"), None)


def test_learned_icons_travel_with_the_recording() -> None:
    rng = np.random.default_rng(2)
    pictures = {name: rng.integers(0, 256, (40, 40, 3), np.uint8) for name in ("frostbolt", "fireball")}
    library = IconLibrary.from_images(pictures)
    kept = icons_text(library)
    found = icons_from(from_plain(Header, loads(dumps(to_plain(Header("live", icons=kept))))).icons or ())
    assert found.names == library.names
    for a, b in zip(found.pictures, library.pictures, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_broken_icon_is_named() -> None:
    with pytest.raises(RecordingError, match="frostbolt"):
        icons_from((("frostbolt", "AAAA"),))


def keeper(folder: Path) -> TailKeeper:
    return TailKeeper(TailTap(Header("live", layout=LAYOUT)), folder)


@pytest.mark.parametrize(
    ("stop", "saved"),
    [
        ("", False),
        ("stop key pause", False),
        ("the pointer is in a corner of the screen", False),
        ("30 minutes are over", False),
        ("stuck: nothing helped", True),
    ],
)
def test_the_tail_is_kept_when_the_guard_stopped_for_a_reason_nobody_asked_for(
    tmp_path: Path, stop: str, saved: bool
) -> None:
    kept = keeper(tmp_path)
    for tick in run(30):
        kept.on_tick(tick)
    kept.on_tick(replace(tick_at(30), verdict=Verdict(stop=stop)))
    kept.close()
    assert (kept.saved is not None) is saved
    if kept.saved is not None:
        with Recording(kept.saved) as recording:
            assert recording.ending is not None
            assert recording.ending.why == stop
            assert recording.index.ticks == 31


def broken_run(kept: TailKeeper) -> None:
    try:
        kept.on_tick(tick_at(0))
        raise ValueError("broken")
    finally:
        kept.close()


def test_the_tail_is_kept_when_an_error_ends_the_run(tmp_path: Path) -> None:
    kept = keeper(tmp_path)
    with pytest.raises(ValueError, match="broken"):
        broken_run(kept)
    assert kept.saved is not None


def test_only_the_newest_tails_stay(tmp_path: Path) -> None:
    for n in range(7):
        (tmp_path / f"2001010{n}-000000.mcap").write_bytes(b"old")
    kept = keeper(tmp_path)
    kept.on_tick(replace(tick_at(0), verdict=Verdict(stop="died 3 times")))
    kept.close()
    assert len(list(tmp_path.glob("*.mcap"))) == 5
    assert kept.saved is not None
    assert kept.saved.exists()
