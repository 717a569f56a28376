"""Signals: a command is interrupted, a loop is asked to end."""

from __future__ import annotations

import signal

import pytest

from wowbot.cli import signals
from wowbot.cli.signals import interrupted, signals_as_interrupt, signals_ask


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_polite_signal_ends_a_command_as_ctrl_c_does(name: str) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt) as ended, signals_as_interrupt():
        signal.raise_signal(number)
    assert interrupted(*ended.value.args) == f"interrupted ({name})"
    assert interrupted("") == "interrupted (Ctrl-C)"
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(("name", "said"), [("SIGINT", "Ctrl-C"), ("SIGTERM", "SIGTERM")])
def test_a_loop_is_asked_once_and_goes_on_until_it_has_ended(name: str, said: str) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    told: list[str] = []
    with signals_ask(told.append) as asked:
        assert asked.why == ""
        signal.raise_signal(number)
        signal.raise_signal(number)
    assert told == [asked.why] == [f"interrupted ({said})"]
    assert signal.getsignal(number) is before


def test_a_second_signal_later_interrupts_what_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "AGAIN_S", 0.0)
    with signals_ask(lambda _why: None):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt) as ended:
            signal.raise_signal(signal.SIGTERM)
    assert ended.value.args == ("SIGTERM",)
