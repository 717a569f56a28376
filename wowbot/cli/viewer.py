"""The viewer's own process: reads pictures from standard input and shows them. Started by `wowbot run --watch`."""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

import numpy as np

from wowbot.core.frame import Image
from wowbot.perception.overlay import LINE_PX, Mark, paint, write

PANE_PX, PANE_GREY = 64, 26


def main() -> int:
    """Show pictures until standard input ends or the window is closed."""
    import os

    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    import pygame

    pygame.display.init()
    screen = pygame.display.set_mode((960, 540 + PANE_PX))
    pygame.display.set_caption("wowbot: what the agent sees")
    print("open", flush=True)
    while (received := receive(sys.stdin.buffer)) is not None:
        if any(event.type == pygame.QUIT for event in pygame.event.get()):
            return 0
        picture = compose(*received)
        size = (picture.shape[1], picture.shape[0])
        if screen.get_size() != size:
            screen = pygame.display.set_mode(size)
        screen.blit(pygame.image.frombuffer(picture[:, :, ::-1].tobytes(), size, "RGB"), (0, 0))
        pygame.display.flip()
    return 0


def compose(head: dict[str, Any], image: Image) -> Image:
    """The shrunk frame with its marks, and a pane with the lines under it."""
    height, width = image.shape[:2]
    picture = np.full((height + PANE_PX, width, 3), PANE_GREY, np.uint8)
    picture[:height] = image
    paint(picture[:height], (Mark(*mark) for mark in head["marks"]), head["scale"])
    write(picture, head["lines"], height + LINE_PX)
    return picture


def receive(pipe: BinaryIO) -> tuple[dict[str, Any], Image] | None:
    """The next head and picture; None at the end."""
    line = pipe.readline()
    if not line:
        return None
    head = json.loads(line)
    width, height = head["size"]
    data = pipe.read(width * height * 3)
    if len(data) < width * height * 3:
        return None
    return head, np.frombuffer(data, np.uint8).reshape(height, width, 3)


if __name__ == "__main__":
    sys.exit(main())
