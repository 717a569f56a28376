"""What a calibration answers: the layout with each part's fate, or a refusal with its measured cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from wowbot.core.layout import Layout, Rect

Cause = Literal[
    "too_small", "black", "washed", "colourless", "frozen", "covered", "loading_screen", "login_screen", "character_screen",
    "unsupported_scale", "unsupported_era", "stretched", "custom_hud", "no_hud",
]  # fmt: skip
Status = Literal["found", "moved", "expected", "missing"]

ADVICE: Mapping[Cause, str] = {
    "too_small": "give the whole client window, at its own size",
    "black": "the capture got nothing: show the window, or run the client windowed instead of exclusive full screen",
    "washed": "switch off HDR and colour filters (client, driver, Windows night light), then calibrate again",
    "colourless": "give a picture in colour: switch off grey and high-contrast filters, and save screenshots as RGB",
    "frozen": "the frames do not change: restore the window and wait until the world moves",
    "covered": "bring the game window to the front",
    "loading_screen": "wait until the world is shown, then calibrate again",
    "login_screen": "log in and enter the world first",
    "character_screen": "choose a character and enter the world first",
    "unsupported_scale": "raise the client's UI scale or its resolution",
    "unsupported_era": "use a 1.12, 2.4.3, 3.3.5, Classic Era or retail 10+ client",
    "stretched": "give the window as the client draws it; a picture made larger or smaller must keep its proportions",
    "custom_hud": "switch HUD add-ons off, or show the boxes: wowbot calibrate --guide, "
    "or --region player.health=x,y,w,h --region player.power=x,y,w,h",
    "no_hud": "show the HUD (Alt-Z) and give a screenshot of the whole client window",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no layout.

    Args:
        cause: short, for counting.
        evidence: what was measured, in a sentence.
        measured: the same as numbers.
    """

    cause: Cause
    evidence: str
    measured: Mapping[str, float] = field(default_factory=dict)

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.cause]


@dataclass(frozen=True, slots=True)
class ElementResult:
    """What became of one region.

    Args:
        status: "found" at its stock place; "moved": found elsewhere; "expected": not on screen on this frame, placed
            by its anchor; "missing": should be on screen and is not, so it is left out of the layout.
        score: 0..1, agreement with the stock outline; 0 where nothing was seen.
        rect: px; None when missing.
        mend: what the user can do; "" when nothing is to be done.
    """

    name: str
    status: Status
    score: float
    rect: Rect | None
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The answer of `calibrate`: exactly one of `layout` and `refused` is not None.

    Args:
        elements: region by region, in the layout's order, missing ones last.
        measured: the scores and offsets behind the verdict.
    """

    layout: Layout | None
    refused: Refusal | None
    elements: tuple[ElementResult, ...] = ()
    measured: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.layout is None) == (self.refused is None):
            raise ValueError("Calibration: found both or neither of layout and refused, expected exactly one")

    def as_json(self) -> dict[str, Any]:
        """For `--json`: layout {era, ui_scale, score, regions} or null with refused {cause, evidence}, and elements."""
        return {
            "layout": None if self.layout is None else layout_json(self.layout),
            "refused": None
            if self.refused is None
            else {
                "cause": self.refused.cause,
                "evidence": self.refused.evidence,
                "measured": _rounded(self.refused.measured),
                "mend": self.refused.advice,
            },
            "elements": [
                {
                    "name": e.name,
                    "status": e.status,
                    "score": round(e.score, 3),
                    "rect": None if e.rect is None else list(e.rect),
                    "mend": e.mend,
                }
                for e in self.elements
            ],
            "measured": _rounded(self.measured),
        }


def layout_json(layout: Layout) -> dict[str, Any]:
    """A layout as plain JSON values."""
    return {
        "id": layout.id,
        "era": layout.era,
        "ui_scale": round(layout.ui_scale, 5),
        "score": round(layout.score, 3),
        "size_wh": list(layout.size_wh),
        "regions": {name: list(region.rect) for name, region in layout.regions.items()},
        "slots": {n: r.options["boxes"] for n, r in layout.regions.items() if r.reader == "slots"},
    }


def _rounded(measured: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in measured.items()}
