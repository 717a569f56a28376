"""C's double arithmetic, where Python would raise or answer otherwise."""

from __future__ import annotations

import math

INF, NAN = math.inf, math.nan


def divide(a: float, b: float) -> float:
    """`a % b` of the language: C's `/`; x/0 is infinite with the signs' product, 0/0 is NaN."""
    if b:
        return a / b
    if a != a or not a:
        return NAN
    return math.copysign(INF, a) * math.copysign(1.0, b)


def fmod(a: float, b: float) -> float:
    """C's fmod: the sign of `a`; NaN for a zero divisor or an infinite dividend."""
    try:
        return math.fmod(a, b)
    except ValueError:
        return NAN


def floor(a: float) -> float:
    """C's floor, on inf and NaN too; keeps -0."""
    return math.copysign(float(math.floor(a)), a) if math.isfinite(a) else a


def ceil(a: float) -> float:
    """C's ceil, on inf and NaN too; ceil(-0.5) is -0."""
    return math.copysign(float(math.ceil(a)), a) if math.isfinite(a) else a


def power(a: float, b: float) -> float:
    """C's pow: overflow is infinite, a domain error NaN."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -INF if a < 0 and b % 2 == 1 else INF
    except ValueError:
        return INF if a == 0 else NAN
