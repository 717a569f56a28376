"""Dialog boxes, the loot window, error lines and the chat."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import cv2
import numpy as np

from wowbot.core.frame import Image
from wowbot.hud.units import Box
from wowbot.sim.draw_canvas import BLACK, GOLD, WHITE, Bgr, Canvas, Sprite, TextStyle
from wowbot.sim.draw_kit import METAL, Kit, grown
from wowbot.sim.icons import icon
from wowbot.sim.text import wrap
from wowbot.sim.view import PopupView, WorldView

ERROR_S, ERROR_FADE_S = 5.0, 1.0
QUALITY: dict[int, Bgr] = {0: (157, 157, 157), 1: (255, 255, 255), 2: (0, 255, 30), 3: (221, 112, 0)}
CHAT_BGR: dict[str, Bgr] = {
    "system": (0, 255, 255),
    "combat": (180, 180, 180),
    "say": WHITE,
    "whisper": (255, 128, 255),
}


class Kept:
    """A sprite kept until its key changes."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._sprite: Sprite | None = None

    def get(self, key: Hashable, draw: Callable[[], Sprite]) -> Sprite:
        if self._sprite is None or key != self._key:
            self._key, self._sprite = key, draw()
        return self._sprite


class Popup:
    """The dialog box in the upper middle: text, one or two red buttons."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self._kept = kit, Kept()

    def lay(self, out: Image, view: WorldView) -> None:
        popup = view.popup
        if popup is not None:
            self._kept.get(popup, lambda: self._draw(popup)).lay(out)

    def _draw(self, popup: PopupView) -> Sprite:
        k = self.kit.k
        x, y, w, h = self.kit.boxes["popup"]
        lines = wrap(popup.text, "serif", 11 * k, 290 * k)
        # The layout's box and buttons are those of one line of text; more lines push the buttons down.
        extra = max(0, len(lines) - 1) * 13 * k
        canvas = Canvas((x - 4 * k, y - 4 * k, w + 8 * k, h + extra + 8 * k))
        box = (x, y, w, h + extra)
        canvas.panel(box, 8 * k, (22, 18, 16), 0.88)
        canvas.frame(box, 8 * k, 5 * k, METAL)
        for n, text in enumerate(lines):
            canvas.text(text, (x + w / 2, y + (23 + 13 * n) * k), 11 * k, TextStyle(WHITE))
        _, by, _, bh = self.kit.boxes["popup.button1"]
        centres = [0.0] if len(popup.buttons) == 1 else [-70.5, 70.5]
        for text, centre in zip(popup.buttons, centres, strict=False):
            button(canvas, (x + w / 2 + (centre - 64) * k, by + extra, 128 * k, bh), text, k)
        return canvas.sprite()


def button(canvas: Canvas, box: Box, text: str, k: float) -> None:
    """A red dialog button."""
    canvas.rows(box, (26, 18, 150), (0.5, 1.05, 0.95, 0.7, 0.5))
    canvas.frame(box, 3 * k, 2 * k, (60, 84, 96))
    canvas.text(text, (box[0] + box[2] / 2, box[1] + box[3] / 2), 11 * k, TextStyle(GOLD))


class Loot:
    """The loot window at the left, up to four lines."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self._kept = kit, Kept()

    def lay(self, out: Image, view: WorldView) -> None:
        loot = view.loot
        if loot is not None:
            self._kept.get(loot, lambda: self._draw(view)).lay(out)

    def _draw(self, view: WorldView) -> Sprite:
        k, element = self.kit.k, self.kit.elements["loot"]
        x, y, w, h = self.kit.boxes["loot"]
        canvas = Canvas(grown((x, y, w, h), 4 * k))
        canvas.panel((x, y, w, h), 6 * k, (20, 20, 24), 0.94)
        canvas.rows((x + 3 * k, y + 3 * k, w - 6 * k, 20 * k), (60, 70, 82), (0.5, 0.9, 0.4))
        canvas.frame((x, y, w, h), 6 * k, 5 * k, METAL)
        canvas.text("Items", (x + w / 2, y + 13 * k), 11 * k, TextStyle(GOLD))
        canvas.panel((x + w - 24 * k, y + 5 * k, 17 * k, 17 * k), 3 * k, (24, 20, 150))
        dx, dy = element.options["rows_at"]
        pitch = element.grid.pitch_y if element.grid is not None else 41.0
        for n, item in enumerate((view.loot or ())[:4]):
            top = y + (dy + pitch * n) * k
            box = (x + dx * k, top, 37 * k, 37 * k)
            canvas.picture(box, icon(item.token, round(37 * k)))
            canvas.frame(box, 2 * k, 1.5 * k, METAL)
            name = TextStyle(QUALITY.get(item.quality, WHITE), align="left")
            canvas.rect_fill((x + (dx + 41) * k, top + 2 * k, w - (dx + 48) * k, 33 * k), BLACK, 0.45)
            canvas.text(item.name, (x + (dx + 45) * k, top + 18 * k), 10 * k, name)
            if item.count > 1:
                style = TextStyle(WHITE, "sans", "right", outline=True)
                canvas.text(str(item.count), (x + (dx + 35) * k, top + 30 * k), 12 * k, style)
        return canvas.sprite()


class Errors:
    """The newest red line under the upper edge; 5 s, then it fades."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self._kept = kit, Kept()

    def lay(self, out: Image, view: WorldView) -> None:
        left = 1 - max(0.0, view.error_age_s - ERROR_S) / ERROR_FADE_S
        if not view.error_text or left <= 0:
            return
        sprite = self._kept.get(view.error_text, lambda: self._draw(view.error_text))
        color, keep = sprite.color, sprite.keep
        if left < 1 and keep is not None:
            color = np.asarray(cv2.convertScaleAbs(color, alpha=left), np.uint8)
            keep = 255 - np.asarray(cv2.convertScaleAbs(255 - keep, alpha=left), np.uint8)
        Sprite(sprite.left, sprite.top, color, keep).lay(out)

    def _draw(self, text: str) -> Sprite:
        k, (x, y, w, _) = self.kit.k, self.kit.boxes["errors"]
        canvas = Canvas((x, y, w, 22 * k))
        canvas.text(text, (x + w / 2, y + 10 * k), 15 * k, TextStyle((26, 26, 255), outline=True))
        return canvas.sprite(trim=True)


class Chat:
    """The last lines of the chat and its edit box."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self._lines, self._edit = kit, Kept(), Kept()

    def lay(self, out: Image, view: WorldView) -> None:
        if view.chat:
            self._lines.get(view.chat[-8:], lambda: self._draw(view)).lay(out)
        edit = view.chat_edit
        if edit is not None:
            self._edit.get(edit, lambda: self._box(edit)).lay(out)

    def _draw(self, view: WorldView) -> Sprite:
        k, (x, y, w, h) = self.kit.k, self.kit.boxes["chat"]
        canvas = Canvas((x, y, w, h))
        step = 14.5 * k
        for n, line in enumerate(reversed(view.chat[-8:])):
            at = (x + 2 * k, y + h - 8 * k - step * n)
            canvas.text(line.text, at, 12.5 * k, TextStyle(CHAT_BGR.get(line.kind, WHITE), "sans", "left"))
        return canvas.sprite(trim=True)

    def _box(self, text: str) -> Sprite:
        k, box = self.kit.k, self.kit.boxes["chat.edit"]
        canvas = Canvas(grown(box, 4 * k))
        canvas.panel(grown(box, 2 * k), 3 * k, (10, 10, 10), 0.75)
        canvas.frame(grown(box, 2 * k), 3 * k, 2 * k, METAL)
        canvas.text(f"Say: {text}–", (box[0] + 6 * k, box[1] + box[3] / 2), 12 * k, TextStyle(WHITE, "sans", "left"))
        return canvas.sprite(trim=True)
