"""The minimap: ground from above that scrolls, a ring, an arrow, dots, the zone's name."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from wowbot.core.frame import Image
from wowbot.core.layout import Rect
from wowbot.sim.background import ground_tile
from wowbot.sim.draw_canvas import GOLD, Bgr, Canvas, Sprite, TextStyle, blend, distance
from wowbot.sim.draw_kit import METAL, Kit, grown, middle
from wowbot.sim.view import WorldView
from wowbot.sim.viewing import MINIMAP_YD

YARDS_ACROSS = 2 * MINIMAP_YD
BLIP_BGR: dict[str, Bgr] = {"corpse": (220, 220, 220), "party": (230, 140, 40), "npc": (40, 220, 240)}


class Minimap:
    """The disc, redrawn when the player moved; its frame is drawn once."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        x, y, w, _ = kit.boxes["minimap"]
        self.rect = Rect(round(x), round(y), round(w), round(w))
        cx, cy = self.rect.left + self.rect.width / 2, self.rect.top + self.rect.width / 2
        cover = np.clip(w / 2 - 3 * kit.k - distance(self.rect, cx, cy) + 0.5, 0, 1)
        self._cover = np.repeat(np.rint(cover * 255).astype(np.uint8)[..., None], 3, axis=2)
        self._keep = np.asarray(255 - self._cover, np.uint8)
        self._map = self._ground()
        self._frame = self._ring()
        self._zone: tuple[str, Sprite] | None = None

    def lay(self, out: Image, view: WorldView) -> None:
        disc = self._disc(view)
        target = self.rect.crop(out)
        if target.shape == disc.shape:
            blend(target, disc, self._keep)
        self._frame.lay(out)
        self._name(view.zone).lay(out)

    def _ground(self) -> NDArray[np.uint8]:
        """The terrain tile at the map's scale, repeated so that every crop is inside."""
        side = self.rect.width
        self._period = side + side // 2
        tile = cv2.resize(ground_tile(self.kit.seed), (self._period, self._period), interpolation=cv2.INTER_AREA)
        return np.tile(np.asarray(cv2.GaussianBlur(tile, (0, 0), 1.0), np.uint8), (2, 2, 1))

    def _disc(self, view: WorldView) -> Image:
        side = self.rect.width
        per_yd = side / YARDS_ACROSS
        left, top = int(view.camera.x * per_yd) % self._period, int(-view.camera.y * per_yd) % self._period
        disc = self._map[top : top + side, left : left + side].copy()
        half = side / 2
        for blip in view.blips:
            at = (round(half + blip.dx * half * 0.92), round(half + blip.dy * half * 0.92))
            cv2.circle(
                disc, at, max(2, round(2.6 * self.kit.k)), BLIP_BGR.get(blip.kind, (255, 255, 255)), -1, cv2.LINE_AA
            )
        self._arrow(disc, half, view.camera.facing_rad)
        return np.asarray(cv2.multiply(disc, self._cover, scale=1 / 255), np.uint8)

    def _arrow(self, disc: Image, half: float, facing: float) -> None:
        k = self.kit.k
        points = []
        for turn, reach in ((0.0, 9.0), (2.5, 7.0), (np.pi, 2.5), (-2.5, 7.0)):
            points.append([half + reach * k * np.cos(facing + turn), half - reach * k * np.sin(facing + turn)])
        shape = np.rint(np.array([points]) * 16).astype(np.int32)
        cv2.fillPoly(disc, shape, (190, 225, 235), cv2.LINE_AA, shift=4)

    def _ring(self) -> Sprite:
        k = self.kit.k
        x, y, w, h = self.kit.boxes["minimap"]
        cx, cy, r = x + w / 2, y + h / 2, w / 2
        canvas = Canvas(grown((x, y, w, h), 22 * k))
        canvas.ring((cx, cy), r - 4 * k, r + 5 * k, METAL if not self.kit.retail else (70, 130, 160))
        canvas.ring((cx, cy), r + 3.5 * k, r + 6 * k, (30, 34, 36))
        for degree in (-25, 0, 140, 165, 215):
            angle = np.deg2rad(degree)
            at = (cx + (r + 4 * k) * np.cos(angle), cy + (r + 4 * k) * np.sin(angle))
            canvas.disc(*at, 10 * k, (24, 26, 28))
            canvas.ring(at, 9 * k, 12 * k, METAL)
            canvas.disc(*at, 5 * k, (40, 150, 200))
        canvas.text("N", (cx, y - 2 * k), 10 * k, TextStyle(GOLD))
        return canvas.sprite()

    def _name(self, zone: str) -> Sprite:
        if self._zone is None or self._zone[0] != zone:
            k, box = self.kit.k, self.kit.boxes["minimap.zone"]
            canvas = Canvas(grown(box, 8 * k))
            canvas.panel(grown(box, 4 * k), 4 * k, (14, 14, 16), 0.75)
            canvas.frame(grown(box, 4 * k), 4 * k, 2 * k, METAL)
            canvas.text(zone, middle(box), 11 * k, TextStyle(GOLD))
            self._zone = (zone, canvas.sprite())
        return self._zone[1]
