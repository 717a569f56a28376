"""Items made in advance come out in order, and so do errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from wowbot.replay.ahead import ahead


def test_items_come_in_order() -> None:
    assert list(ahead(range(100), count=3)) == list(range(100))


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("broken")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="broken"):
        next(found)


def test_leaving_early_ends_the_thread() -> None:
    for item in ahead(iter(range(10**9)), count=2):
        if item == 5:
            break
    assert not [t for t in threading.enumerate() if t.name == "wowbot-ahead"]
