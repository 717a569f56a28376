"""Does the layout still fit while the agent runs? Checked about once a second off the loop; re-fitted where it can be.

The answers are mailbox events of kind "layout": {"fits": 0 or 1, "why": text} and, after a re-fit, {"fits": 1, "file": path
of the new layout}, which the composition root takes in between two ticks. A layout that does not fit stops the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wowbot.calibration.fit import calibrate
from wowbot.calibration.health import check_layout
from wowbot.core.event import Event, Runner
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Layout
from wowbot.core.protocols import Perception
from wowbot.core.reading import Observation
from wowbot.hud import save_layout

EVERY_NS = 1_000_000_000
MISFITS = 2
"""Checks in a row that must fail before a re-fit: a loading screen or a window over it passes by."""


class LayoutKeeper:
    """Perception around another one.

    Args:
        inner: reads the frames.
        layout: what is in force.
        runner: does the checks.
        folder: where a re-fitted layout is written.
    """

    def __init__(self, inner: Perception, layout: Layout, runner: Runner, folder: Path) -> None:
        self._inner, self._layout, self._runner, self._folder = inner, layout, runner, folder
        self._due_ns = 0
        self._misfits = 0

    def set_layout(self, layout: Layout) -> None:
        """Check this one from now on."""
        self._layout, self._misfits = layout, 0
        self._inner.set_layout(layout)

    def observe(self, frame: Frame, events: Sequence[Event]) -> Observation:
        """Read the frame; hand it to the check when one is due."""
        for event in events:
            if event.kind == "layout" and "fits" in event.payload:
                self._misfits = 0 if event.payload["fits"] else self._misfits + 1
        image = frame.image
        if image is not None and not frame.status and frame.t_ns >= self._due_ns:
            layout, refit = self._layout, self._misfits >= MISFITS
            if self._runner.submit("layout", frame.index, frame.t_ns, lambda: self._check(image, layout, refit)):
                self._due_ns = frame.t_ns + EVERY_NS
        return self._inner.observe(frame, events)

    def _check(self, image: Image, layout: Layout, refit: bool) -> Mapping[str, Any]:
        health = check_layout(image, layout)
        if health.fits or not refit:
            return {"fits": int(health.fits), "why": health.why}
        found = calibrate([image], era=layout.era if layout.era != "other" else "auto", name=layout.name)
        if found.layout is None:
            cause = "" if found.refused is None else f"; no other fits: {found.refused.cause}"
            return {"fits": 0, "why": health.why + cause}
        path = self._folder / f"{found.layout.id}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_layout(found.layout, path)
        return {"fits": 1, "why": f"re-fitted, since {health.why}", "file": str(path)}
