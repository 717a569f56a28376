"""A tick as plain values, told as the difference to the tick before; exact both ways.

Most of the few hundred readings and terms stay as they are from tick to tick, so a tick costs what changed. A key tick
tells everything, so that reading can start there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import copysign
from typing import Any, NamedTuple

from wowbot.core.action import Action, Decision, KeyEvent, TraceLine, Verdict
from wowbot.core.errors import RecordingError
from wowbot.core.event import Event
from wowbot.core.frame import Frame, Image
from wowbot.core.reading import Observation, Reading, Value
from wowbot.core.state import Detail, GameState
from wowbot.core.tick import Tick
from wowbot.recording.plain import reader, to_plain

Plain = dict[str, Any]

FULL, REGIONS, SIM = "full", "regions", "sim"
NONE, SKIPPED, DROPPED = "none", "skipped", "dropped"
PIXELS = (FULL, REGIONS, SIM, NONE, SKIPPED, DROPPED)
"""How the recording holds a tick's picture: whole, the layout's regions only, to be rendered again by the
simulator; or not: there was none, it was not chosen, the coder could not keep up."""


class Entry(NamedTuple):
    """One recorded tick.

    Args:
        tick: whole but for its frame's image, which is None unless pixels were asked for and kept.
        pixels: one of PIXELS.
        size_wh: the size the frame had, px.
        crc: CRC-32 of the frame's pixels where the simulator must render it again; None otherwise.
    """

    tick: Tick
    pixels: str
    size_wh: tuple[int, int]
    crc: int | None = None


class FrameNote(NamedTuple):
    """What became of a tick's picture; see Entry."""

    pixels: str
    size_wh: tuple[int, int] = (0, 0)
    crc: int | None = None


@dataclass(slots=True)
class TickPacker:
    """Ticks to plain values. Not shared between threads."""

    _readings: Mapping[str, Reading] = field(default_factory=dict)
    _values: Mapping[str, Value | None] = field(default_factory=dict)
    _details: Mapping[str, Detail] = field(default_factory=dict)
    _targets: tuple[Mapping[str, Value | None], ...] = ()
    _trace: tuple[TraceLine, ...] = ()

    def pack(self, tick: Tick, note: FrameNote, *, key: bool) -> Plain:
        """The tick as plain values; `key` = told whole."""
        if key:
            self._readings, self._values, self._details, self._targets, self._trace = {}, {}, {}, (), ()
        frame, state, decision = tick.frame, tick.state, tick.decision
        packed: Plain = {
            "key": key,
            "frame": [frame.index, frame.t_ns, frame.source, frame.status, frame.focused],
            "note": list(note),
            "now": tick.now_ns,
            "seen": [tick.observation.index, tick.observation.t_ns],
            "readings": difference(self._readings, tick.observation.readings, _same_reading, _pack_reading),
            "state": [state.index, state.t_ns],
            "values": difference(self._values, state.values, _same_value, _as_is),
            "details": difference(self._details, state.details, _equal, list),
            "targets": self._pack_targets(state.targets),
            "decision": self._pack_decision(decision),
            "ids": [tick.layout_id, tick.profile_id],
            "ms": dict(tick.stage_ms),
        }
        for name in ("events", "verdict", "accepted", "keys"):
            if plain := to_plain(getattr(tick, name)):
                packed[name] = plain
        self._readings, self._values, self._details = tick.observation.readings, state.values, state.details
        self._targets, self._trace = state.targets, decision.trace
        return packed

    def _pack_targets(self, targets: tuple[Mapping[str, Value | None], ...]) -> list[Any]:
        old = [*self._targets, *({} for _ in targets[len(self._targets) :])]
        return [difference(was, now, _same_value, _as_is) for was, now in zip(old, targets, strict=False)]

    def _pack_decision(self, decision: Decision) -> Plain:
        plain: Plain = to_plain(decision)
        if decision.trace:
            old = self._trace
            rows = [[n, *line] for n, line in enumerate(decision.trace) if n >= len(old) or old[n] != line]
            plain["trace"] = {"n": len(decision.trace), "rows": rows}
        return plain


@dataclass(slots=True)
class TickUnpacker:
    """Plain values back to ticks, in the order they were packed, from any key tick on."""

    _readings: dict[str, Reading] = field(default_factory=dict)
    _values: dict[str, Value | None] = field(default_factory=dict)
    _details: dict[str, Detail] = field(default_factory=dict)
    _targets: tuple[dict[str, Value | None], ...] = ()
    _trace: tuple[TraceLine, ...] = ()
    _started: bool = False

    def unpack(self, packed: Plain, image: Image | None = None) -> Entry:
        """The entry; the frame gets `image`.

        Raises:
            RecordingError: the values are no tick, or tell a difference to a tick that was not read.
        """
        try:
            return self._unpack(packed, image)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise RecordingError(f"broken tick in the recording: {type(error).__name__}: {error}") from error

    def _unpack(self, packed: Plain, image: Image | None) -> Entry:
        if packed["key"]:
            self._readings, self._values, self._details, self._targets, self._trace = {}, {}, {}, (), ()
        elif not self._started:
            raise ValueError("it tells a difference to a tick before it; reading must start at a key tick")
        self._started = True
        self._readings = applied(self._readings, packed["readings"], _unpack_reading)
        self._values = applied(self._values, packed["values"], _VALUE)
        self._details = applied(self._details, packed["details"], _DETAIL)
        old = [*self._targets, *({} for _ in packed["targets"][len(self._targets) :])]
        self._targets = tuple([applied(was, d, _VALUE) for was, d in zip(old, packed["targets"], strict=False)])
        pixels, size_wh, crc = _NOTE(packed["note"])
        if pixels not in PIXELS:
            raise ValueError(f"pixels are {pixels!r}, expected one of {', '.join(PIXELS)}")
        seen, at = _PAIR(packed["seen"]), _PAIR(packed["state"])
        index, t_ns, *rest = _FRAME_HEAD(packed["frame"])
        tick = Tick(
            frame=Frame(index, t_ns, image, *rest),
            now_ns=_INT(packed["now"]),
            observation=Observation(seen[0], seen[1], self._readings),
            events=_EVENTS(packed.get("events", [])),
            state=GameState(at[0], at[1], self._values, self._details, self._targets),
            decision=self._unpack_decision(packed["decision"]),
            verdict=_VERDICT(packed.get("verdict", {})),
            accepted=_ACTIONS(packed.get("accepted", [])),
            keys=_KEYS(packed.get("keys", [])),
            layout_id=_STR(packed["ids"][0]),
            profile_id=_STR(packed["ids"][1]),
            stage_ms=_MS(packed["ms"]),
        )
        return Entry(tick, pixels, size_wh, crc)

    def _unpack_decision(self, plain: Plain) -> Decision:
        trace = plain.get("trace")
        if trace is not None:
            lines = [*self._trace[: trace["n"]]]
            for n, *line in trace["rows"]:
                lines[n : n + 1] = [_LINE(line)]
            plain = {**plain, "trace": [list(line) for line in lines]}
        decision: Decision = _DECISION(plain)
        self._trace = decision.trace
        return decision


def difference(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    same: Callable[[Any, Any], bool],
    pack: Callable[[Any], Any],
) -> list[Any]:
    """[what is new or changed, names that are gone]; [{}] when nothing changed."""
    plus = {k: pack(v) for k, v in new.items() if k not in old or not same(old[k], v)}
    if len(new) == len(old) + sum(k not in old for k in plus):
        return [plus]
    return [plus, [k for k in old if k not in new]]


def applied(old: dict[str, Any], told: list[Any], unpack: Callable[[Any], Any]) -> dict[str, Any]:
    """`old` with the told difference; `old` itself is left as it is."""
    if not told[0] and len(told) == 1:
        return old
    new = {**old, **{k: unpack(v) for k, v in told[0].items()}}
    for name in told[1] if len(told) > 1 else ():
        del new[name]
    return new


def _as_is(value: Any) -> Any:
    return value


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b)


def _same_value(a: Any, b: Any) -> bool:
    """Equal and told apart by nothing: 1 is not 1.0, 0.0 is not -0.0, and nan is never the same."""
    if a != b or type(a) is not type(b):
        return False
    return a != 0 or not isinstance(a, float) or copysign(1.0, a) == copysign(1.0, b)


def _same_reading(a: Reading, b: Reading) -> bool:
    return a == b and _same_value(a.value, b.value)


def _pack_reading(seen: Reading) -> Any:
    value, confidence, why = seen
    return value if confidence == 1.0 and not why and value is not None else [value, confidence, why]


_VALUE = reader(float | str | None)
_READING = reader(Reading)


def _unpack_reading(data: Any) -> Reading:
    reading: Reading = _READING(data) if isinstance(data, list) else Reading(_VALUE(data))
    return reading


_DETAIL = reader(Detail)
_NOTE = reader(FrameNote)
_FRAME_HEAD = reader(tuple[int, int, str, str, bool | None])
_PAIR = reader(tuple[int, int])
_INT = reader(int)
_STR = reader(str)
_EVENTS = reader(tuple[Event, ...])
_VERDICT = reader(Verdict)
_ACTIONS = reader(tuple[Action, ...])
_KEYS = reader(tuple[KeyEvent, ...])
_MS = reader(Mapping[str, float])
_LINE = reader(TraceLine)
_DECISION = reader(Decision)
