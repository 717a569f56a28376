"""Ticks for tests: made up, random, or as a small run of a blinking bar."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from wowbot.core.action import IDLE, Action, Decision, KeyEvent, TraceLine, Verdict, Veto
from wowbot.core.event import Event
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.reading import Observation, Reading, unknown
from wowbot.core.state import Detail, GameState
from wowbot.core.tick import Tick

LAYOUT = Layout(
    "small",
    "small",
    "other",
    (64, 48),
    1.0,
    {
        "player.health": Region(Rect(8, 8, 20, 4), "bar", {"unit": "player", "resource": "health"}),
        "actionbar.main": Region(Rect(4, 40, 40, 6), "slots", {"boxes": [[4, 40, 6, 6], [11, 40, 6, 6]]}),
    },
)


def image_at(n: int, size_wh: tuple[int, int] = (64, 48)) -> Image:
    """A bar that empties over a drifting background."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width]
    image = np.stack([(x * 3 + n) % 256, (y * 5 + 2 * n) % 256, (x + y + n) % 256], axis=-1).astype(np.uint8)
    image[8:12, 8:28] = (10, 10, 10)
    image[8:12, 8 : 8 + 20 - n % 20] = (0, 200, 0)
    return image


def tick_at(n: int, *, image: Image | None = None, hz: float = 20.0, picture: bool = True) -> Tick:
    """The n-th tick of a plausible run."""
    t_ns = 1_000_000_000 + round(n * 1e9 / hz)
    shown = image if image is not None else image_at(n) if picture else None
    pct = 100.0 - 5.0 * (n % 20)
    line = TraceLine("default.1", "false", f"health.pct={pct:g} < 40 is false")
    fired = TraceLine("default.2", "fired", "")
    decision = Decision("rule", "default.2", "always", (Action("key", "2", ability="bolt"),), (line, fired), "bolt")
    readings = {"health.pct": Reading(pct), "target.name": unknown("no text yet"), "target.exists": Reading(1.0, 0.9)}
    return Tick(
        frame=Frame(n, t_ns, shown, "sim", "", True),
        now_ns=t_ns + 1_000_000,
        observation=Observation(n, t_ns, readings),
        events=(Event("text", n - 1, {"text": "Kobold", "at": [1, 2]}, n),) if n % 7 == 0 else (),
        state=GameState(
            n, t_ns, {"health.pct": pct, "gcd.remains": 0.1 * n, "target.name": None},
            {"target.name": Detail(0.0, 0.05 * n, "no text yet")}, ({"target.health.pct": pct},),
        ),
        decision=decision if n % 3 == 0 else IDLE,
        verdict=Verdict((Action("key", "2", ability="bolt"),)) if n % 3 == 0 else Verdict((), (Veto("gcd", "1.0 s"),)),
        accepted=(Action("key", "2", ability="bolt"),) if n % 3 == 0 else (),
        keys=(KeyEvent(t_ns - 5, "2", True, "bolt"), KeyEvent(t_ns - 1, "2", False, "bolt")) if n % 3 == 1 else (),
        layout_id="small",
        profile_id="test",
        stage_ms={"capture": 0.1 + n / 7, "perception": 1 / 3},
    )  # fmt: skip


def run(count: int, **options: bool) -> Iterator[Tick]:
    """`count` ticks of a plausible run."""
    for n in range(count):
        yield tick_at(n, **options)


_names = st.sampled_from([f"term.{n}" for n in range(8)] + ["ünï.cödé", "target.health.pct", 'quo"te'])
_floats = st.floats(allow_nan=True, allow_infinity=True)
_texts = st.text(max_size=12)
_values = st.one_of(_floats, _texts, st.integers(-(2**40), 2**40), st.booleans())
_maybe = st.one_of(st.none(), _values)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), _floats, _texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_texts, inner, max_size=3)),
    max_leaves=6,
)
_points = st.one_of(st.none(), st.tuples(st.integers(-5, 9000), st.integers(-5, 9000)))
_actions = st.builds(
    Action,
    st.sampled_from(["key", "click", "move", "drag", "scroll", "release"]),
    _texts,
    st.lists(st.sampled_from(["shift", "ctrl", "alt"]), max_size=3).map(tuple),
    _points,
    _points,
    st.integers(0, 10**6),
    st.integers(-9, 9),
    _texts,
)
_action_lists = st.lists(_actions, max_size=3).map(tuple)
_lines = st.builds(
    TraceLine,
    _texts,
    st.sampled_from(["fired", "false", "unknown", "not_ready", "called", "skipped"]),
    _texts,
)
_decisions = st.builds(
    Decision,
    st.sampled_from(["rule", "repeat", "llm", "remedy", "idle"]),
    _texts,
    _texts,
    _action_lists,
    st.lists(_lines, max_size=4).map(tuple),
    _texts,
    st.integers(0, 5),
    st.one_of(st.none(), _floats),
    st.lists(_texts, max_size=2).map(tuple),
)
_mappings = st.dictionaries(_names, _maybe, max_size=5)


@st.composite
def ticks(draw: st.DrawFn) -> Tick:
    """Any tick without a picture."""
    whole = st.integers(0, 2**62)
    frame = Frame(
        draw(st.integers(0, 2**31)),
        draw(whole),
        None,
        draw(_texts),
        draw(_texts),
        draw(st.sampled_from([True, False, None])),
    )
    readings = draw(st.dictionaries(_names, st.builds(Reading, _maybe, _floats, _texts), max_size=5))
    details = draw(st.dictionaries(_names, st.builds(Detail, _floats, _floats, _texts), max_size=4))
    return Tick(
        frame,
        draw(whole),
        Observation(draw(whole), draw(whole), readings),
        tuple(
            draw(
                st.lists(
                    st.builds(
                        Event,
                        _texts,
                        st.integers(-1, 99),
                        st.dictionaries(_texts, _json, max_size=3),
                        st.integers(-1, 99),
                    ),
                    max_size=2,
                )
            )
        ),
        GameState(draw(whole), draw(whole), draw(_mappings), details, tuple(draw(st.lists(_mappings, max_size=3)))),
        draw(_decisions),
        Verdict(
            draw(_action_lists),
            tuple(draw(st.lists(st.builds(Veto, _texts, _texts), max_size=2))),
            draw(st.booleans()),
            draw(_texts),
        ),
        draw(_action_lists),
        tuple(draw(st.lists(st.builds(KeyEvent, whole, _texts, st.booleans(), _texts), max_size=2))),
        draw(_texts),
        draw(_texts),
        draw(st.dictionaries(_texts, _floats, max_size=3)),
    )


def shown(value: object) -> str:
    """The value as text that tells 1 from 1.0, 0.0 from -0.0, and nan from a number; mappings in one order."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {shown(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.tobytes()!r}"
    slots = getattr(type(value), "__slots__", None)
    if slots:
        return type(value).__name__ + shown({name: getattr(value, name) for name in slots})
    return repr(value)
