"""Which terms of a list a layout can give: tried out with the real readers' terms and the real tracker."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from wowbot.config import find, user_dir
from wowbot.core.event import NullRunner
from wowbot.core.layout import Layout
from wowbot.core.reading import Observation, Reading
from wowbot.core.terms import POWERS
from wowbot.core.terms import find as find_term
from wowbot.decision.profile import Profile

SIZE_WH = (1920, 1080)
SECONDS, HZ = 6, 5


def layout_of(profile: Profile, given: str = "") -> Layout:
    """The layout named on the command line, else the profile's own, else the stock HUD of its era at 1080p.

    Raises:
        WowbotError: it is not found or broken.
    """
    from wowbot.hud import load_layout, stock_layout

    name = given or profile.facts.layout
    if name not in ("", "auto"):
        return load_layout(Path(find("layouts", name)))
    return stock_layout(profile.facts.era, SIZE_WH)


def icon_names() -> frozenset[str] | None:
    """Icons the user has taught; None while there are none at all (the training ground has its own)."""
    folder = user_dir() / "icons"
    names = {path.stem.split(".")[0] for path in folder.glob("*.png")} if folder.is_dir() else set()
    return frozenset(names) if names else None


def unseen(profile: Profile, layout: Layout, terms: Collection[str]) -> dict[str, str]:
    """The terms that stay unknown although everything the layout's readers provide is known, each with its cause."""
    from wowbot.perception.pipeline import HudPerception
    from wowbot.state.tracker import StateTracker

    provided = list(HudPerception(layout, bindings=profile.bindings, runner=NullRunner()).provides)
    provided += [term for kind in provided for term in _of_power(kind, profile.bindings.power)]
    tracker = StateTracker(profile.bindings, set(terms))
    missing: dict[str, str] = {}
    for index in range(SECONDS * HZ):
        readings = {term: _reading(term, index) for term in provided}
        state = tracker.update(Observation(index, index * 1_000_000_000 // HZ, readings), (), ())
        missing = {term: state.detail(term).why for term in terms if state.values.get(term) is None}
    return {term: why or "nothing provides it" for term, why in missing.items()}


def _of_power(term: str, own: str) -> list[str]:
    """The bar of a power goes by the colour it shows: the character's own is known, others may show any."""
    if not term.endswith("power.type"):
        return []
    prefix = term.removesuffix("power.type")
    return [f"{prefix}{power}.pct" for power in (POWERS if prefix else (own,))]


def _reading(term: str, index: int) -> Reading:
    """Something a reader could say: bars that sink, so that rates can be worked out; flags set; nothing cooling."""
    known = find_term(term)
    if known is not None and known.kind == "text":
        return Reading("")
    if term.endswith("sweep_pct") or term.endswith(".count"):
        return Reading(0.0)
    if term.endswith("health.pct"):
        return Reading(90.0 - index)
    return Reading(1.0)
