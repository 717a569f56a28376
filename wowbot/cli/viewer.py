"""The viewer's own process: reads pictures from standard input and shows them. Started by `wowbot run --watch`."""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

import numpy as np

from wowbot.core.frame import Image


def main() -> int:
    """Show pictures until standard input ends or the window is closed."""
    import os

    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    import pygame

    pygame.display.init()
    pygame.font.init()
    screen = pygame.display.set_mode((960, 620))
    pygame.display.set_caption("wowbot: what the agent sees")
    font = pygame.font.Font(None, 18)
    print("open", flush=True)
    while (picture := receive(sys.stdin.buffer)) is not None:
        head, image = picture
        if any(event.type == pygame.QUIT for event in pygame.event.get()):
            return 0
        width, height = head["size"]
        if screen.get_size() != (width, height + 80):
            screen = pygame.display.set_mode((width, height + 80))
        screen.fill((24, 24, 28))
        screen.blit(
            pygame.image.frombuffer(np.ascontiguousarray(image[:, :, ::-1]).tobytes(), (width, height), "RGB"), (0, 0)
        )
        for name, box in head["boxes"].items():
            pygame.draw.rect(screen, (90, 220, 255), pygame.Rect(box), 1)
            screen.blit(font.render(name, True, (90, 220, 255)), (box[0] + 2, max(0, box[1] - 12)))
        for i, line in enumerate(head["lines"]):
            screen.blit(font.render(line[:160], True, (235, 235, 235)), (6, height + 4 + 18 * i))
        pygame.display.flip()
    return 0


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
