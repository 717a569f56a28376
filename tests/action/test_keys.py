"""Chords: one spelling, read and written back."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.action.keys import KEYS, MODIFIERS, Chord, parse_chord
from wowbot.core.errors import ActionError


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("2", Chord((), "2")),
        ("shift-2", Chord(("shift",), "2")),
        ("alt-ctrl-shift-F5", Chord(("shift", "ctrl", "alt"), "f5")),
        ("-", Chord((), "-")),
        ("ctrl--", Chord(("ctrl",), "-")),
        ("numpad3", Chord((), "numpad3")),
        ("num3", Chord((), "numpad3")),
        ("mouse4", Chord((), "mouse4")),
        ("button4", Chord((), "mouse4")),
        ("esc", Chord((), "escape")),
        (" Space ", Chord((), "space")),
        ("shift-é", Chord(("shift",), "é")),
        ("wheelup", Chord((), "wheelup")),
    ],
)
def test_a_chord_is_read(text: str, chord: Chord) -> None:
    assert parse_chord(text) == chord


@given(st.sampled_from(sorted(KEYS)), st.lists(st.sampled_from(MODIFIERS), unique=True, max_size=3))
def test_what_a_chord_is_written_as_reads_back(key: str, mods: list[str]) -> None:
    chord = Chord(tuple(m for m in MODIFIERS if m in mods), key)
    assert parse_chord(chord.text) == chord


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nunpad3", "Did you mean 'numpad3'"),
        ("shift-spce", "'spce' in 'shift-spce' is not a key"),
        ("shft-2", "'shft-2'"),
        ("", "is not a key"),
    ],
)
def test_what_is_no_chord_is_named_with_the_nearest_keys(text: str, said: str) -> None:
    with pytest.raises(ActionError, match=said):
        parse_chord(text)


@given(st.text(max_size=12))
def test_any_text_is_a_chord_or_an_action_error(text: str) -> None:
    with contextlib.suppress(ActionError):
        assert parse_chord(text).key in KEYS
