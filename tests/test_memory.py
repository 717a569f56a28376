"""A long run gives back what it has freed."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from wowbot.core import memory

CHILD = """
import sys
from wowbot.core import memory

def resident_mb():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "frugal":
    memory.be_frugal()
model = bytearray(24_000_000)
del model                               # glibc now takes pictures for small things
before = resident_mb()
kept = []
for n in range(200):
    pictures = [bytearray(3_000_000) for _ in range(10)]
    kept.append(bytes(3000))            # a message behind them
    del pictures
print(resident_mb() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc only")
def test_freed_pictures_do_not_stay_resident() -> None:
    grown = {
        how: float(
            subprocess.run([sys.executable, "-c", CHILD, how], capture_output=True, text=True, check=True).stdout
        )
        for how in ("frugal", "as it is")
    }
    assert grown["frugal"] < 5.0
    assert grown["frugal"] < grown["as it is"] / 2


def test_what_was_built_is_left_out_of_collections_until_the_end() -> None:
    memory.settle()
    assert gc.get_freeze_count() > 0
    memory.unsettle()
    assert gc.get_freeze_count() == 0
