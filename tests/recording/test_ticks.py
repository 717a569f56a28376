"""A tick survives being packed, told as a difference, written as JSON and read back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recording.ticks import shown, ticks
from wowbot.core.tick import Tick
from wowbot.recording.text import dumps, loads
from wowbot.recording.ticks import FrameNote, TickPacker, TickUnpacker


@given(st.lists(st.tuples(ticks(), st.booleans()), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_tick_reads_back_exactly_whatever_stood_before_it(run: list[tuple[Tick, bool]]) -> None:
    packer, unpacker = TickPacker(), TickUnpacker()
    for n, (tick, key) in enumerate(run):
        told = dumps(packer.pack(tick, FrameNote("none"), key=key or n == 0))
        assert shown(unpacker.unpack(loads(told)).tick) == shown(tick)
