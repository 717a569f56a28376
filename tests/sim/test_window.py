"""The window shows the session and hands it the keys it gets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wowbot.cli.sim import parse_size
from wowbot.core.errors import SimError
from wowbot.core.frame import Image
from wowbot.core.x11 import open_display
from wowbot.decision.profile import load_profile
from wowbot.sim.session import SimSession
from wowbot.sim.window import WM_CLASS, SimWindow


@pytest.fixture
def dummy_video(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """SDL's own fake display."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    yield pygame
    pygame.quit()


class Scripted(SimSession):
    """A session that plays events into the window: one list a frame, then it ends."""

    def __init__(self, script: list[Callable[[], None]]) -> None:
        super().__init__("single_target", 1, load_profile("mage").bindings, size_wh=(640, 480))
        self.script = list(script)

    def draw(self) -> Image:
        if self.script:
            self.script.pop(0)()
        else:
            self.world.stats.result = "time"
        return super().draw()


def key_event(pygame: Any, kind: int, key: int, mod: int = 0) -> Callable[[], None]:
    return lambda: pygame.event.post(pygame.event.Event(kind, key=key, mod=mod))


def played(script: list[Callable[[], None]]) -> tuple[SimWindow, list[tuple[str, bool]]]:
    window = SimWindow(Scripted(script), "World of Warcraft", fps=240)
    report = window.run()
    return window, [(k.key, k.down) for k in report.keys]


def test_keys_arrive_with_their_modifiers_and_go_up_as_they_went_down(dummy_video: Any) -> None:
    pg = dummy_video
    script = [
        key_event(pg, pg.KEYDOWN, pg.K_2, pg.KMOD_LSHIFT),
        key_event(pg, pg.KEYUP, pg.K_2),
        key_event(pg, pg.KEYDOWN, pg.K_LSHIFT),
        key_event(pg, pg.KEYDOWN, pg.K_KP3),
        key_event(pg, pg.KEYDOWN, pg.K_RETURN, pg.KMOD_LCTRL | pg.KMOD_LALT),
        key_event(pg, pg.KEYDOWN, pg.K_MINUS),
    ]
    _, keys = played(script)
    assert keys[:2] == [("shift-2", True), ("shift-2", False)]
    assert keys[2:] == [("numpad3", True), ("ctrl-alt-enter", True), ("-", True)]


def test_a_held_key_is_let_go_when_the_window_loses_the_keyboard(dummy_video: Any) -> None:
    pg = dummy_video
    lost = lambda: pg.event.post(pg.event.Event(pg.WINDOWFOCUSLOST))  # noqa: E731
    _, keys = played([key_event(pg, pg.KEYDOWN, pg.K_w), lost, lambda: None])
    assert keys == [("w", True), ("w", False)]


def test_a_click_on_a_button_reaches_the_world(dummy_video: Any) -> None:
    pg = dummy_video
    session = Scripted([])
    x, y, w, h = session.layout.regions["actionbar.main"].options["boxes"][0]
    down = pg.event.Event(pg.MOUSEBUTTONDOWN, button=1, pos=(x + w // 2, y + h // 2))
    clicked: list[tuple[str, int]] = []
    session.world.click_slot = lambda bar, number: clicked.append((bar, number))  # type: ignore[method-assign, assignment]
    session.script = [lambda: pg.event.post(down), lambda: None]
    report = SimWindow(session, "World of Warcraft", fps=240).run()
    assert clicked == [("main", 1)]
    assert report.keys[0].key.startswith("mouse_left")


def test_side_buttons_count_as_keys(dummy_video: Any) -> None:
    pg = dummy_video
    events = [pg.event.Event(kind, button=6, pos=(9, 9)) for kind in (pg.MOUSEBUTTONDOWN, pg.MOUSEBUTTONUP)]
    _, keys = played([lambda e=e: pg.event.post(e) for e in events])  # type: ignore[misc]
    assert keys == [("mouse4", True), ("mouse4", False)]


def test_closing_the_window_ends_it(dummy_video: Any) -> None:
    pg = dummy_video
    script = [lambda: pg.event.post(pg.event.Event(pg.QUIT))] + [lambda: None] * 50
    window, _ = played(script)
    assert window.report.ended_by == "closed"
    assert window.report.frames < 10


def test_the_surface_shows_the_frame_with_its_colours_in_place(dummy_video: Any) -> None:
    pg = dummy_video
    shown: list[tuple[int, int, int]] = []
    session = Scripted([])
    session.script = [lambda: None, lambda: shown.append(pg.display.get_surface().get_at((30, 30))[:3])]
    SimWindow(session, "t", fps=240).run()
    image = session.renderer().draw(session.truth())
    blue, green, red = (int(v) for v in image[30, 30])
    assert [abs(a - b) <= 12 for a, b in zip(shown[0], (red, green, blue), strict=True)] == [True] * 3


@pytest.mark.parametrize("driver", ["no such driver", None], ids=["wrong driver", "no display"])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_a_missing_display_says_what_to_do(driver: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if driver:
        monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    session = SimSession("single_target", 1, load_profile("mage").bindings, size_wh=(640, 480))
    with pytest.raises(SimError, match="xvfb-run"):
        SimWindow(session, "t").run()


@pytest.mark.parametrize("fps", [0, 0.5, 1000])
def test_an_absurd_frame_rate_is_refused(fps: float) -> None:
    session = SimSession("single_target", 1, load_profile("mage").bindings, size_wh=(640, 480))
    with pytest.raises(SimError, match="fps"):
        SimWindow(session, "t", fps=fps)


@pytest.mark.parametrize("text", ["", "1280", "1280x", "axb", "10x10", "1280x720x3", "99999x720", "-1280x720"])
def test_a_wrong_size_is_refused(text: str) -> None:
    with pytest.raises(SimError, match="--size"):
        parse_size(text)


def test_a_size_is_read() -> None:
    assert parse_size("1920X1080") == (1920, 1080)


@pytest.mark.display
@pytest.mark.skipif(sys.platform != "linux" or not os.environ.get("DISPLAY"), reason="needs an X display")
# Xlib leaves the authority file it read open.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_another_process_finds_the_window_and_presses_its_keys(tmp_path: Path) -> None:
    from Xlib import XK, X
    from Xlib.ext import xtest

    report_file = tmp_path / "report.json"
    server = open_display()
    command = [
        sys.executable,
        "-m",
        "wowbot",
        "sim",
        "--size",
        "800x600",
        "--seconds",
        "30",
        "--report",
        str(report_file),
    ]
    process = subprocess.Popen([*command, "--title", "wowbot window test"], stdout=subprocess.DEVNULL)
    try:
        window = wait_for(lambda: find_window(server, "wowbot window test"))
        assert WM_CLASS in window.get_wm_class()
        geometry = window.get_geometry()
        assert (geometry.width, geometry.height) == (800, 600)
        server.set_input_focus(window, X.RevertToParent, X.CurrentTime)
        server.sync()
        wait_for(lambda: server.get_input_focus().focus == window)
        code = server.keysym_to_keycode(XK.string_to_keysym("Tab"))
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(server, kind, code)
        server.sync()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        server.close()
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert report["ended_by"] == "sigterm"
    assert [(k["key"], k["down"]) for k in report["keys"]] == [("tab", True), ("tab", False)]


def find_window(server: Any, title: str) -> Any:
    """The top-level window of this title, under a window manager's frame or not."""
    atom = server.intern_atom("_NET_WM_NAME")
    for window in server.screen().root.query_tree().children:
        for candidate in (window, *window.query_tree().children):
            name = candidate.get_full_property(atom, 0)
            if name is not None and name.value in (title, title.encode()):
                return candidate
    return None


def wait_for(found: Callable[[], Any], seconds: float = 25.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
