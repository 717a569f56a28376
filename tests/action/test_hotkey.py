"""The stop key."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from wowbot.action.hotkey import StopHotkey
from wowbot.core.errors import ActionError


class Listener:
    """Hears what the test presses."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.key = ""
        self.ended = threading.Event()
        self.press: Callable[[], None] | None = None
        self.listening = threading.Event()

    def open(self, key: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.key = key

    def listen(self, pressed: Callable[[], None]) -> None:
        self.press = pressed
        self.listening.set()
        self.ended.wait(5.0)

    def stop(self) -> None:
        self.ended.set()


def test_the_stop_key_calls_with_its_name() -> None:
    heard: list[str] = []
    listener = Listener()
    hotkey = StopHotkey("f12", heard.append, listener)
    hotkey.start()
    assert listener.listening.wait(5.0)
    assert listener.press is not None
    listener.press()
    hotkey.close()
    assert (listener.key, heard) == ("f12", ["stop key f12"])


def test_a_stop_key_that_is_taken_says_so_at_the_start() -> None:
    hotkey = StopHotkey("pause", lambda why: None, Listener(ActionError("taken")))
    with pytest.raises(ActionError, match="taken"):
        hotkey.start()


def test_a_stop_key_that_is_none_is_refused() -> None:
    with pytest.raises(ActionError, match="cannot be the stop key"):
        StopHotkey("mouse4", lambda why: None, Listener())


def test_a_stop_key_that_is_taken_need_not_end_the_run() -> None:
    told: list[str] = []
    hotkey = StopHotkey("pause", lambda why: None, Listener(ActionError("taken")), on_failure=told.append)
    hotkey.start()
    hotkey.close()
    assert told == ["taken"]


class LostListener(Listener):
    """Breaks off when it is told to."""

    def listen(self, pressed: Callable[[], None]) -> None:
        super().listen(pressed)
        raise OSError("connection closed")


def test_a_stop_key_that_is_lost_while_it_plays_is_told() -> None:
    told: list[str] = []
    heard = threading.Event()

    def lost(why: str) -> None:
        told.append(why)
        heard.set()

    listener = LostListener()
    hotkey = StopHotkey("pause", lambda why: None, listener, on_loss=lost)
    hotkey.start()
    listener.ended.set()
    assert heard.wait(5.0)
    assert told == ["the key pause is no longer heard: connection closed"]


def test_a_stop_key_that_breaks_off_while_it_is_closed_is_not() -> None:
    told: list[str] = []
    hotkey = StopHotkey("pause", lambda why: None, LostListener(), on_loss=told.append)
    hotkey.start()
    hotkey.close()
    assert told == []
