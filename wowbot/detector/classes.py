"""One labelled object of a training picture."""

from __future__ import annotations

from typing import NamedTuple

from wowbot.core.detection import CLASSES


class Box(NamedTuple):
    """One labelled object: class index into CLASSES and corners in pixels, right and bottom exclusive."""

    label: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    def yolo(self, width: int, height: int) -> str:
        """The line of a YOLO label file: class, centre and size as shares of the picture."""
        cx, cy = (self.x0 + self.x1) / 2 / width, (self.y0 + self.y1) / 2 / height
        return f"{self.label} {cx:.6f} {cy:.6f} {(self.x1 - self.x0) / width:.6f} {(self.y1 - self.y0) / height:.6f}"

    @staticmethod
    def of_yolo(line: str, width: int, height: int) -> Box:
        """Back from such a line.

        Raises:
            ValueError: not five numbers of a known class within the picture.
        """
        label, cx, cy, w, h = line.split()
        x, y, half_w, half_h = float(cx) * width, float(cy) * height, float(w) * width / 2, float(h) * height / 2
        if not 0 <= int(label) < len(CLASSES) or not all(-0.01 <= float(v) <= 1.01 for v in (cx, cy, w, h)):
            raise ValueError(f"found {line.strip()!r}, expected `class cx cy w h` with shares 0..1")
        return Box(int(label), x - half_w, y - half_h, x + half_w, y + half_h)


__all__ = ["CLASSES", "Box"]
