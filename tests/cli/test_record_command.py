"""`wowbot record` on a real window: every frame bit for bit what the window shows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from wowbot.cli.main import main
from wowbot.recording.reader import Recording

pytestmark = pytest.mark.display
SIZE = (320, 200)
SCENES = 8
WINDOW = f"""
import numpy as np, pygame, sys
pygame.display.init()
screen = pygame.display.set_mode({SIZE}, pygame.NOFRAME)
pygame.display.set_caption("Noise for the recorder")
clock, n = pygame.time.Clock(), 0
scenes = np.random.default_rng(9).integers(0, 256, ({SCENES}, {SIZE[0]}, {SIZE[1]}, 3), np.uint8)
while True:
    pygame.surfarray.blit_array(screen, scenes[n % {SCENES}])
    pygame.display.flip()
    if n == 2:
        print("ready", flush=True)
    pygame.event.pump()
    clock.tick(15)
    n += 1
"""


@pytest.fixture
def window() -> Iterator[None]:
    """A window that shows one noise picture after another."""
    with subprocess.Popen([sys.executable, "-c", WINDOW], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) and "ready" not in line:
            pass
        yield
        process.kill()


def test_frames_are_what_the_window_showed(window: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "noise.mcap"
    args = ["--window", "Noise for the recorder", "--out", str(out), "--fps", "30", "--seconds", "1.5", "--json"]
    assert main(["record", *args]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["dropped_frames"], told["dropped_ticks"]) == (0, 0)
    scenes = np.random.default_rng(9).integers(0, 256, (SCENES, *SIZE, 3), np.uint8)
    known = {scene.transpose(1, 0, 2)[:, :, ::-1].tobytes() for scene in scenes}
    with Recording(out) as recording:
        images = [tick.frame.image for tick in recording.ticks()]
    assert len(images) == told["frames"] > 3
    assert all(image is not None and image.tobytes() in known for image in images)


def test_a_window_that_is_not_there_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--window", "No such window here", "--out", str(tmp_path / "a.mcap")]) == 2
    assert "No such window here" in capsys.readouterr().err
