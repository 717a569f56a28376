"""Grammar of the numbers clients print: on bars, under icons, as levels."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class BarNumber(NamedTuple):
    """What a bar's text says; None = not printed.

    Args:
        pct: 0..100, printed or worked out from current and full.
        current, full: points.
    """

    pct: float | None
    current: float | None
    full: float | None


_AMOUNT = r"(\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d)?)\s*([KMBkmb]?)"
_PAIR = re.compile(_AMOUNT + r"\s*/\s*" + _AMOUNT + r"$")
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_SINGLE = re.compile(_AMOUNT + r"$")
_BLURRED = re.compile(r"(?<=\d)[:;](?=\d{3}(?!\d))")
"""A comma of thousands as a compressed picture shows it."""
_FACTOR = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}


@lru_cache(maxsize=512)
def parse_bar_number(text: str) -> BarNumber | None:
    """Read `cur / max`, `n%`, `n% amount`, `amount - n%` or a single amount; a leading word ("Mana") is passed over.

    Returns:
        None when the text does not follow the grammar: cur over max, more than 100 %, no digits.
    """
    body = text.strip()
    start = re.search(r"\d", body)
    if start is None:
        return None
    body = _BLURRED.sub(",", body[start.start() :].strip())
    pair = _PAIR.match(body)
    if pair:
        current, full = _amount(pair[1], pair[2]), _amount(pair[3], pair[4])
        return BarNumber(100.0 * current / full, current, full) if 0 < full >= current else None
    percent = _PERCENT.search(body)
    if percent:
        pct = float(percent[1])
        rest = (body[: percent.start()] + " " + body[percent.end() :]).strip(" -()")
        single = _SINGLE.match(rest)
        if pct > 100 or (rest and single is None):
            return None
        return BarNumber(pct, _amount(single[1], single[2]) if single else None, None)
    single = _SINGLE.match(body)
    return BarNumber(None, _amount(single[1], single[2]), None) if single else None


def _amount(digits: str, factor: str) -> float:
    """1,234 -> 1234; 53.580 -> 53580 (a group of three is thousands); 2.8M -> 2800000."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits)
    number = float(re.sub(r"[.,]", "", digits)) if grouped else float(digits.replace(",", "."))
    return number * _FACTOR[factor.lower()]


@lru_cache(maxsize=256)
def parse_level(text: str) -> int | None:
    """A level 1..90; None for a skull ("??") or anything else."""
    return int(text) if re.fullmatch(r"\d{1,2}", text) and 1 <= int(text) <= 90 else None
