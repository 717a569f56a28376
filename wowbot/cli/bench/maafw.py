"""MaaFw, the most used vision engine for game automation, driven on the training ground's frames: 4 bars and 24 icons.

It is no dependency of wowbot (LGPL-3.0): where `pip install MaaFw` has been run beside it, `wowbot bench perceive --maa`
times it in the same run. Both ways that it offers are timed: 28 recognitions, each a call from Python, whose answers can
be told apart; and the same as one `And` node inside the engine, which stops at the first miss and so cannot tell them.
Bars are ColorMatch in the bar's own rectangle, icons TemplateMatch of 36x36 within 48x48 px.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

import cv2

from wowbot.core.errors import WowbotError
from wowbot.core.frame import Image
from wowbot.core.layout import Rect

BARS, ICONS = 4, 24
ICON_PX, MARGIN_PX = 36, 6
THRESHOLD = 0.0
COLOURS = ([0, 0, 0], [255, 255, 255])
"""So loose that a swept icon or an empty bar is no miss: the `And` node would stop there, and its time would say nothing."""


class MaaEngine:
    """Recognises the bars and icons of a frame; see the module.

    Args:
        bars: at least BARS rectangles.
        icons: at least ICONS places, with room around them, and the picture that is looked for in each.

    Raises:
        ImportError: MaaFw is not installed.
        WowbotError: it cannot be started, or was given too little.
    """

    def __init__(self, bars: Sequence[Rect], icons: Sequence[tuple[Rect, Image]]) -> None:
        from maa.pipeline import JAnd, JColorMatch, JRecognitionType, JTemplateMatch  # type: ignore[import-not-found]

        if len(bars) < BARS or len(icons) < ICONS:
            raise WowbotError(
                f"MaaFw is timed on {BARS} bars and {ICONS} icons; there are {len(bars)} and {len(icons)}"
            )
        self._logs = tempfile.TemporaryDirectory(prefix="maafw-", ignore_cleanup_errors=True)
        self._resource, self._tasker = _engine(self._logs.name)
        self._calls: list[tuple[Any, Any]] = [
            (JRecognitionType.ColorMatch, JColorMatch(lower=[COLOURS[0]], upper=[COLOURS[1]], roi=tuple(bar)))
            for bar in bars[:BARS]
        ]
        for number, (place, template) in enumerate(icons[:ICONS]):
            name = f"icon{number}.png"
            self._resource.override_image(name, cv2.resize(template, (ICON_PX, ICON_PX), interpolation=cv2.INTER_AREA))
            what = JTemplateMatch(template=[name], roi=_around(place), threshold=[THRESHOLD])
            self._calls.append((JRecognitionType.TemplateMatch, what))
        parts = [{"recognition": str(kind), **vars(what)} for kind, what in self._calls]
        self._all = (JRecognitionType.And, JAnd(all_of=parts))

    def as_calls(self, image: Image) -> int:
        """How many of the 28 are found, each asked for by itself."""
        return sum(self._ask(kind, what, image) for kind, what in self._calls)

    def as_one(self, image: Image) -> bool:
        """Whether all are found, asked for as one node."""
        return self._ask(*self._all, image)

    def _ask(self, kind: Any, what: Any, image: Image) -> bool:
        detail = self._tasker.post_recognition(kind, what, image).wait().get()
        found = detail.nodes[0].recognition if detail is not None and detail.nodes else None
        return bool(found is not None and found.hit)


def _around(place: Rect) -> tuple[int, int, int, int]:
    side = ICON_PX + 2 * MARGIN_PX
    x, y = place.left + place.width // 2 - side // 2, place.top + place.height // 2 - side // 2
    return max(0, x), max(0, y), side, side


def _engine(logs: str) -> tuple[Any, Any]:
    """A resource and a tasker, bound to a screen that nobody asks for: each recognition brings its own picture."""
    from maa.controller import CustomController  # type: ignore[import-not-found]
    from maa.resource import Resource  # type: ignore[import-not-found]
    from maa.tasker import Tasker  # type: ignore[import-not-found]

    class Screen(CustomController):  # type: ignore[misc]
        def connect(self) -> bool:
            return True

        def request_uuid(self) -> str:
            return "bench"

    Tasker.set_log_dir(logs)
    resource, tasker, screen = Resource(), Tasker(), Screen()
    screen.post_connection().wait()
    if not tasker.bind(resource, screen) or not tasker.inited:
        raise WowbotError("MaaFw could not be started")
    return resource, tasker
