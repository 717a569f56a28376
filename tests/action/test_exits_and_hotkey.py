"""Signals and the stop key let go first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from wowbot.action.exits import ExitRelease
from wowbot.action.hotkey import StopHotkey
from wowbot.core.errors import ActionError


class Hands:
    def __init__(self) -> None:
        self.did: list[str] = []

    def halt(self) -> None:
        self.did.append("halt")

    def close(self) -> None:
        self.did.append("close")


def test_a_terminating_signal_lifts_the_keys_and_then_asks_for_the_end() -> None:
    hands = Hands()
    exits = ExitRelease(hands, hands.did.append)
    before = signal.getsignal(signal.SIGTERM)
    exits.start()
    try:
        signal.raise_signal(signal.SIGTERM)
        assert hands.did == ["halt", "signal SIGTERM"]
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert ended.value.code == 128 + signal.SIGTERM
    finally:
        exits.close()
    assert signal.getsignal(signal.SIGTERM) is before


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


def test_off_the_main_thread_no_signal_is_touched() -> None:
    before = signal.getsignal(signal.SIGTERM)
    hands = Hands()
    exits = ExitRelease(hands, hands.did.append)
    worker = threading.Thread(target=exits.start)
    worker.start()
    worker.join()
    assert signal.getsignal(signal.SIGTERM) is before
    exits.close()
