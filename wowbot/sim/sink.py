"""Keys and clicks into the world, as a client takes them; key-ups are scheduled on game time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from wowbot.core.action import Action, KeyEvent
from wowbot.core.layout import Layout
from wowbot.sim.world import World

TAP_MS = 30
"""How long a tapped key stays down."""


class SimSink:
    """Implements core ActionSink.

    Args:
        world: where keys and clicks go.
        layout: says what lies under a click; a click elsewhere hits the ground and does nothing.
        now_ns: the session's clock.
    """

    def __init__(self, world: World, layout: Layout, now_ns: Callable[[], int]) -> None:
        self._world, self._layout, self._now_ns = world, layout, now_ns
        self._ups: list[tuple[int, int, str]] = []
        self._down: dict[str, Action] = {}
        self._events: list[KeyEvent] = []
        self._count = count()
        self.pointer = (0, 0)

    def send(self, action: Action) -> Action | None:
        """Press, click or release now; None for what no client would take (an unnamed key, a click without a place)."""
        now = self._now_ns()
        if action.kind == "key":
            return self._key(action, now)
        if action.kind == "release":
            self._up(now, _chord(action))
            return action
        if action.at is None:
            return None
        self.pointer = action.at
        if action.kind == "click":
            self._events.append(KeyEvent(now, f"mouse_{action.key or 'left'}", True, action.ability))
            self.click(action.at)
            self._events.append(KeyEvent(now, f"mouse_{action.key or 'left'}", False, action.ability))
        return action

    def _key(self, action: Action, now: int) -> Action | None:
        if not action.key:
            return None
        chord = _chord(action)
        hold_ns = max(action.hold_ms, TAP_MS) * 1_000_000
        if chord in self._down:
            # Held already: holding it longer is all that is asked.
            self._ups = [up for up in self._ups if up[2] != chord]
            heapq.heapify(self._ups)
        else:
            self._down[chord] = action
            for mod in action.mods:
                self._events.append(KeyEvent(now, mod, True))
            self._events.append(KeyEvent(now, action.key, True, action.ability))
            self._world.key_down(chord)
        heapq.heappush(self._ups, (now + hold_ns, next(self._count), chord))
        return action

    def advance(self, now_ns: int) -> None:
        """Let keys go whose time has come."""
        while self._ups and self._ups[0][0] <= now_ns:
            at, _, chord = heapq.heappop(self._ups)
            self._up(at, chord)

    def next_up_ns(self) -> int | None:
        """When the next key goes up; None when none is down."""
        return self._ups[0][0] if self._ups else None

    def _up(self, at: int, chord: str) -> None:
        if chord not in self._down:
            return
        action = self._down.pop(chord)
        self._ups = [up for up in self._ups if up[2] != chord]
        heapq.heapify(self._ups)
        self._world.key_up(chord)
        self._events.append(KeyEvent(at, action.key, False, action.ability))
        self._events.extend(KeyEvent(at, mod, False) for mod in reversed(action.mods))

    def click(self, at: tuple[int, int]) -> None:
        """Click a pixel: a dialog button, an action button, the loot window."""
        click_at(self._world, self._layout, at)

    def drain(self) -> tuple[KeyEvent, ...]:
        """Key downs and ups since the last call."""
        if not self._events:
            return ()
        events, self._events = tuple(self._events), []
        return events

    def release_all(self) -> None:
        now = self._now_ns()
        for chord in tuple(self._down):
            self._up(now, chord)

    def close(self) -> None:
        self.release_all()


def click_at(world: World, layout: Layout, at: tuple[int, int]) -> str:
    """Do what a left click on this pixel does.

    Returns:
        What was hit: a region's name, or "" for the ground.
    """
    for number, (left, top, width, height) in enumerate(button_boxes(world, layout), 1):
        lower = _lower_px(world, layout)
        if _inside(at, (left, top - lower, width, height + lower)):  # also where a short text has them
            world.click_popup(number)
            return f"popup.button{number}"
    loot = layout.regions.get("loot")
    if loot is not None and world.loot is not None and _inside(at, loot.rect):
        world.click_loot()
        return "loot"
    for name, region in layout.regions.items():
        if region.reader == "slots":
            for number, box in enumerate(region.options.get("boxes", ()), 1):
                if _inside(at, tuple(box)):
                    world.click_slot(name.removeprefix("actionbar."), number)
                    return name
    return ""


def button_boxes(world: World, layout: Layout) -> tuple[tuple[int, int, int, int], ...]:
    """Where the dialog's buttons are drawn: left, top, width, height in px; none without a dialog.

    One button stands in the middle, two stand 13 units apart (StaticPopup.xml).
    """
    popup, row = layout.regions.get("popup"), layout.regions.get("popup.button1")
    if world.popup is None or popup is None or row is None:
        return ()
    k, middle = layout.ui_scale, popup.rect.left + popup.rect.width / 2
    centres = (0.0,) if len(world.popup.buttons) == 1 else (-70.5, 70.5)
    top = row.rect.top + _lower_px(world, layout)
    return tuple((round(middle + (c - 64) * k), top, round(128 * k), row.rect.height) for c in centres)


def _lower_px(world: World, layout: Layout) -> int:
    """A long text pushes the buttons down by a line of 13 units for about each 44 letters."""
    letters = len(world.popup.text) if world.popup is not None else 0
    return round(letters // 44 * 13 * layout.ui_scale)


def _inside(at: tuple[int, int], rect: tuple[int, ...]) -> bool:
    return rect[0] <= at[0] < rect[0] + rect[2] and rect[1] <= at[1] < rect[1] + rect[3]


def _chord(action: Action) -> str:
    return "-".join((*action.mods, action.key))
