"""Old recordings stay readable, newer ones are refused with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recording.ticks import LAYOUT, run, shown
from wowbot.core.errors import ConfigError, RecordingError
from wowbot.core.layout import Layout
from wowbot.recording.choice import parse_choice
from wowbot.recording.coder import ENVELOPE, PLAIN, read_text
from wowbot.recording.migrate import migrated
from wowbot.recording.plain import from_plain, to_plain
from wowbot.recording.reader import Recording
from wowbot.recording.schema import SCHEMA, Header, ProfileText, SimFacts
from wowbot.recording.text import dumps, loads

SIM_FACTS = SimFacts("s", 3, (9, 8), "wotlk", 20.0)
OLDEST = Path(__file__).parent / "data" / "schema1.mcap"


def test_the_oldest_recording_reads_as_it_was_written() -> None:
    with Recording(OLDEST) as recording:
        assert recording.header.layout == LAYOUT
        assert [shown(tick) for tick in recording.ticks()] == [shown(tick) for tick in run(60)]
        assert [m.label for m in recording.markers] == ["here"]
        assert recording.snapshots()["tracker"] == {"taken": 1, "at": [1, 2]}


def test_a_newer_schema_is_refused_with_what_to_do() -> None:
    import zlib

    body = b"{}"
    message = ENVELOPE.pack(SCHEMA + 1, PLAIN, 0, zlib.crc32(body)) + body
    with pytest.raises(RecordingError, match="install a newer wowbot"):
        read_text("header", message)


def test_steps_are_taken_one_after_the_other() -> None:
    steps: dict[int, Any] = {
        1: lambda topic, message: message | {"one": topic},
        2: lambda topic, message: message | {"two": message["one"]},
    }
    assert migrated(1, "tick", {"a": 1}, steps, 3) == {"a": 1, "one": "tick", "two": "tick"}
    assert migrated(3, "tick", {"a": 1}, steps, 3) == {"a": 1}
    with pytest.raises(RecordingError, match="not known"):
        migrated(0, "tick", {}, steps, 3)


@pytest.mark.parametrize(
    "value",
    [
        LAYOUT,
        Header(
            "sim",
            "x",
            "5fps",
            ("chat",),
            ProfileText("a", "b", "c", "d"),
            LAYOUT,
            SimFacts("s", 3, (9, 8), "wotlk", 20.0),
        ),
        Header("live"),
    ],
    ids=["layout", "full header", "bare header"],
)
def test_core_types_survive_being_made_plain(value: Layout | Header) -> None:
    assert from_plain(type(value), loads(dumps(to_plain(value)))) == value


def test_a_field_that_is_not_known_is_passed_over_and_a_missing_one_has_its_default() -> None:
    assert from_plain(Header, {"kind": "live", "later": 1}) == Header("live")


@pytest.mark.parametrize("data", [[], {}, {"kind": "other"}, {"kind": "live", "masked": "chat"}, None], ids=str)
def test_what_fits_no_header_is_a_recording_error(data: object) -> None:
    with pytest.raises(RecordingError):
        from_plain(Header, data)


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


@given(_json)
def test_every_number_and_text_survives_json(value: object) -> None:
    assert shown(loads(dumps(value))) == shown(value)


@pytest.mark.parametrize("text", ["fast", "0fps", "-1fps", "5 fps regions", ""])
def test_a_choice_of_frames_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="expected all, changed, regions"):
        parse_choice(text)


@pytest.mark.parametrize("text", ["all", "changed", "regions", "none", "sim", "5fps", "0.5fps-regions"])
def test_a_choice_reads_back_as_it_is_written(text: str) -> None:
    assert str(parse_choice(text)) == text
