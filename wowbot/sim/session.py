"""A world as a frame source, with the sink, clock and layout that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wowbot.core.bindings import Bindings
from wowbot.core.clock import ManualClock
from wowbot.core.errors import SimError
from wowbot.core.frame import Frame, Image
from wowbot.core.layout import Era, Layout
from wowbot.hud import stock_layout
from wowbot.sim.sink import SimSink
from wowbot.sim.slotstate import SlotBoard
from wowbot.sim.view import WorldView
from wowbot.sim.viewing import world_view
from wowbot.sim.world import Stats, World

if TYPE_CHECKING:
    from wowbot.sim.render import HudRenderer

START_NS = 1_000_000_000
"""Frame 0 is at one second, so that no time is ever zero by accident."""


@dataclass(frozen=True, slots=True)
class Screen:
    """How the HUD is drawn.

    Args:
        size_wh: client area, px.
        era: whose stock HUD.
        ui_scale: k, px per UI unit; None = the client's default.
        gamma: of the display; 1 = as the client draws.
    """

    size_wh: tuple[int, int] = (1280, 720)
    era: Era = "wotlk"
    ui_scale: float | None = None
    gamma: float = 1.0


class SimSession:
    """Implements core FrameSource for the training ground.

    Args:
        scenario: name in scenarios.toml.
        seed: of the world and its picture.
        bindings: the profile's.
        size_wh, era, ui_scale, gamma: see Screen.
        hz: frames a second of game time; the world advances 1 / hz between two frames.
        pixels: draw frames; False = frames without an image, for TruthPerception.
        seconds: end after so much game time, whatever the scenario says; None or 0 = the scenario decides.
        level: the character's; None = the profile's.

    Raises:
        SimError: unknown scenario, a rate out of range, bindings of no known class.
    """

    name = "sim"

    def __init__(
        self,
        scenario: str,
        seed: int,
        bindings: Bindings,
        *,
        size_wh: tuple[int, int] = (1280, 720),
        era: Era = "wotlk",
        ui_scale: float | None = None,
        gamma: float = 1.0,
        hz: float = 20.0,
        pixels: bool = True,
        seconds: float | None = None,
        level: int | None = None,
    ) -> None:
        if not 1.0 <= hz <= 1000.0:
            raise SimError(f"the training ground runs at 1 to 1000 frames a second, found {hz:g}")
        self.scenario, self.seed, self.hz, self.pixels = scenario, seed, hz, pixels
        self.screen = Screen(size_wh, "wotlk" if era == "other" else era, ui_scale, gamma)
        self.layout: Layout = stock_layout(self.screen.era, size_wh, ui_scale)
        self.world = World(scenario, seed, bindings, level=level)
        self.board = SlotBoard(self.world)
        self.clock = ManualClock(START_NS)
        self.sink = SimSink(self.world, self.layout, self.clock.now_ns)
        self._limit = seconds or 0.0
        self._index = -1
        self._renderer: HudRenderer | None = None

    def open(self) -> None:
        """Prepare the renderer where pixels are wanted."""
        if self.pixels:
            self.renderer()

    def renderer(self) -> HudRenderer:
        """The renderer, made when first asked for (it brings OpenCV)."""
        if self._renderer is None:
            from wowbot.sim.render import HudRenderer

            s = self.screen
            self._renderer = HudRenderer(s.era, s.size_wh, s.ui_scale, s.gamma, self.seed)
        return self._renderer

    def read(self) -> Frame | None:
        """Advance the world to the next frame; None when the scenario or the time is over."""
        if self.over:
            return None
        self._index += 1
        t_ns = START_NS + round(self._index * 1e9 / self.hz)
        if self._index:
            self._advance(t_ns)
        image = self.draw() if self.pixels else None
        return Frame(self._index, t_ns, image, self.name, focused=True)

    def _advance(self, t_ns: int) -> None:
        """Move time on, letting keys go at their own moments in between."""
        up = self.sink.next_up_ns()
        while up is not None and up < t_ns:
            self._move_to(up)
            self.sink.advance(up)
            up = self.sink.next_up_ns()
        self._move_to(t_ns)
        self.sink.advance(t_ns)

    def _move_to(self, t_ns: int) -> None:
        if t_ns > self.clock.t_ns:
            self.world.step((t_ns - self.clock.t_ns) / 1e9)
            self.clock.t_ns = t_ns

    @property
    def over(self) -> bool:
        """Whether the scenario has ended or its time is up."""
        return bool(self.world.stats.result) or (self._limit > 0 and self.world.now >= self._limit - 1e-9)

    @property
    def stats(self) -> Stats:
        """Kills, deaths, damage and seconds so far."""
        return self.world.stats

    def truth(self) -> WorldView:
        """What is on the screen now, without reading it."""
        return world_view(self.world, self.board)

    def draw(self) -> Image:
        """The screen now, BGR."""
        return self.renderer().draw(self.truth())

    def close(self) -> None:
        """Let every key go."""
        self.sink.release_all()
