"""What other keyboards make of a key."""

import ctypes

import pytest

from wowbot.action.keyboards import KEYBOARDS, Keyboard, keyboard
from wowbot.action.keys import parse_chord
from wowbot.core.errors import ActionError


@pytest.mark.parametrize(
    ("board", "chord", "said"),
    [
        ("us", "2", ""),
        ("azerty", "2", "needs Shift, the bare key gives 'é'"),
        ("azerty", "shift-2", "needs Shift, the bare key gives 'é'"),
        ("azerty", "é", ""),
        ("azerty", "a", ""),
        ("azerty", "f5", ""),
        ("azerty", "mouse4", ""),
        ("azerty", "[", "AZERTY has no key '['"),
        ("qwertz", "2", ""),
        ("qwertz", "/", "needs Shift, the bare key gives '7'"),
        ("qwertz", "ö", ""),
        ("us", "ö", "a US keyboard has no key 'ö'"),
    ],
)
def test_a_key_that_becomes_something_else_is_named(board: str, chord: str, said: str) -> None:
    trouble = KEYBOARDS[board].trouble(parse_chord(chord))
    assert (said in trouble) if said else trouble == ""


@pytest.mark.parametrize(("lock", "troubled"), [(True, False), (False, True), (None, False)])
def test_the_numeric_pad_needs_num_lock(lock: bool | None, troubled: bool) -> None:
    board = Keyboard("x", frozenset(), num_lock=lock)
    assert bool(board.trouble(parse_chord("numpad3"))) is troubled


def test_an_unknown_keyboard_lists_the_known_ones() -> None:
    with pytest.raises(ActionError, match="Did you mean 'azerty'"):
        keyboard("azerti")


class German:
    """user32 of a QWERTZ machine, for the keys the test asks about."""

    def VkKeyScanW(self, char: int) -> int:
        return {"2": 0x32, "/": 0x137, "ö": 0xC0}.get(chr(char), -1)

    def MapVirtualKeyW(self, key: int, what: int) -> int:
        assert what == 2
        return key

    def GetKeyState(self, key: int) -> int:
        assert key == 0x90
        return 1


def test_windows_is_asked_for_its_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: German(), raising=False)
    board = keyboard("auto")
    assert board.bare == {"2", "ö"}
    assert board.shifted == {"/": "7"}
    assert board.num_lock is True
