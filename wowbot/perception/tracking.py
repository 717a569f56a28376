"""Objects keep their number from one detection to the next: a small Kalman filter each, matched by overlap.

The usual scheme of Bewley et al., "Simple Online and Realtime Tracking" (2016), with two independent axes, and greedy
matching in place of the assignment problem, which for a dozen objects comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

from wowbot.core.detection import Detection, iou

LEAST_IOU = 0.15
NEAR = 0.8
"""Boxes that no longer overlap are still one object when their centres are nearer than this many box sizes."""
SEEN_TWICE, AT_ONCE = 2, 0.6
"""An object is told of when it was found twice, or once with at least this confidence."""
MOST_MISSES = 2
ACCELERATION_PX, MEASURE_PX = 900.0, 4.0
"""Standard deviations of the motion model (px/s2: a camera that turns) and of a box's centre (px)."""


@dataclass(slots=True)
class Axis:
    """Place and speed along one axis, with their covariance."""

    x: float
    v: float = 0.0
    pxx: float = MEASURE_PX**2
    pxv: float = 0.0
    pvv: float = 200.0**2

    def predict(self, dt: float) -> None:
        q = ACCELERATION_PX**2
        self.x += self.v * dt
        self.pxx += dt * (2 * self.pxv + dt * self.pvv) + q * dt**4 / 4
        self.pxv += dt * self.pvv + q * dt**3 / 2
        self.pvv += q * dt**2

    def correct(self, seen: float) -> None:
        total = self.pxx + MEASURE_PX**2
        gain_x, gain_v = self.pxx / total, self.pxv / total
        error = seen - self.x
        self.x += gain_x * error
        self.v += gain_v * error
        self.pvv -= gain_v * self.pxv
        self.pxv *= 1 - gain_x
        self.pxx *= 1 - gain_x


@dataclass(slots=True)
class Track:
    """One object. Args: id: counts from 1; t_s: time of the state; history: (t_s, centre y) while it was seen."""

    id: int
    label: str
    x: Axis
    y: Axis
    width: float
    height: float
    confidence: float
    t_s: float
    hits: int = 1
    misses: int = 0
    history: list[tuple[float, float]] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        return self.hits >= SEEN_TWICE or self.confidence >= AT_ONCE

    def at(self, t_s: float) -> Detection:
        """Where it is expected at a time."""
        dt = t_s - self.t_s
        x, y = self.x.x + self.x.v * dt, self.y.x + self.y.v * dt
        w, h = self.width / 2, self.height / 2
        return Detection(self.label, x - w, y - h, x + w, y + h, self.confidence)


class Tracks:
    """All objects in view."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self._next = 1

    def update(self, found: Sequence[Detection], t_s: float) -> None:
        """Take the detections of a frame. Args: t_s: its time, s; one not later than the last is passed over."""
        if self.tracks and t_s <= self.tracks[0].t_s:
            return
        for track in self.tracks:
            track.x.predict(t_s - track.t_s)
            track.y.predict(t_s - track.t_s)
            track.t_s = t_s
        pairs = _matches(self.tracks, found, t_s)
        taken = {n for _, n in pairs}
        met = {m for m, _ in pairs}
        for m, n in pairs:
            _meet(self.tracks[m], found[n], t_s)
        for m, track in enumerate(self.tracks):
            track.misses = 0 if m in met else track.misses + 1
        self.tracks = [t for t in self.tracks if t.misses <= (MOST_MISSES if t.shown else 0)]
        for n, detection in enumerate(found):
            if n not in taken:
                self.tracks.append(self._new(detection, t_s))

    def of(self, label: str, t_s: float) -> list[tuple[Track, Detection]]:
        """The objects of a class that are sure enough, with where each is expected at a time."""
        return [(t, t.at(t_s)) for t in self.tracks if t.label == label and t.shown]

    def _new(self, detection: Detection, t_s: float) -> Track:
        (x, y), number = detection.center, self._next
        self._next += 1
        w, h = detection.x1 - detection.x0, detection.y1 - detection.y0
        return Track(number, detection.label, Axis(x), Axis(y), w, h, detection.confidence, t_s, history=[(t_s, y)])


HISTORY_S = 4.0


def _meet(track: Track, seen: Detection, t_s: float) -> None:
    x, y = seen.center
    track.x.correct(x)
    track.y.correct(y)
    track.width += 0.5 * (seen.x1 - seen.x0 - track.width)
    track.height += 0.5 * (seen.y1 - seen.y0 - track.height)
    track.confidence += 0.5 * (seen.confidence - track.confidence)
    track.hits += 1
    track.history = [(t, c) for t, c in track.history if t_s - t <= HISTORY_S] + [(t_s, y)]


def _matches(tracks: Sequence[Track], found: Sequence[Detection], t_s: float) -> list[tuple[int, int]]:
    """Pairs of track and detection of one class, the best overlap first."""
    scores = []
    for m, track in enumerate(tracks):
        place = track.at(t_s)
        for n, seen in enumerate(found):
            if seen.label == track.label and (score := _score(place, seen)) > 0:
                scores.append((-score, m, n))
    pairs: list[tuple[int, int]] = []
    for _, m, n in sorted(scores):
        if all(m != a and n != b for a, b in pairs):
            pairs.append((m, n))
    return pairs


def _score(place: Detection, seen: Detection) -> float:
    """1 + overlap where they overlap, below 1 where they are only near, 0 where they are apart."""
    shared = iou(place, seen)
    if shared >= LEAST_IOU:
        return 1.0 + shared
    (ax, ay), (bx, by) = place.center, seen.center
    size = max(seen.x1 - seen.x0, seen.y1 - seen.y0, place.x1 - place.x0, place.y1 - place.y0)
    far = hypot(ax - bx, ay - by) / (NEAR * max(1.0, size))
    return max(0.0, 1.0 - far)
