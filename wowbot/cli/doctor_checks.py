"""The checks of `wowbot doctor`: each looks at one thing and never raises."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from wowbot.cli.doctor_display import Check, find_display, guarded
from wowbot.config import user_dir
from wowbot.core.errors import WowbotError
from wowbot.core.layout import Rect
from wowbot.decision.profile import Profile, load_profile

if TYPE_CHECKING:
    from wowbot.capture.windows import Window

PACKAGES = ("numpy", "opencv-python", "mss", "pyautogui", "onnxruntime", "rapidocr", "pygame-ce")
API_KEYS = ("DASHSCOPE_API_KEY", "OPENAI_API_KEY")
SLOW_GRAB_MS = 8.0
"""Above this a 60 Hz loop spends half its time on capture."""
LITTLE_DISK = 2 * 1024**3
NO_DISK = 200 * 1024**2


def all_checks(profile_name: str | None, title: str | None, *, press: bool) -> Iterator[Check]:
    """Every check in order; those that need a display are left out after the display itself has failed."""
    yield versions()
    yield from packages()
    yield guarded("models", detectors)
    display = find_display()
    yield display
    if display.status == "fail":
        yield Check("the rest", "warn", "capture, window, layout and keys were not tried", "mend the display first")
    else:
        yield guarded("capture", capture)
        yield guarded("picture", picture)
        profile = None
        if profile_name is not None:
            try:
                profile = load_profile(profile_name)
            except WowbotError as error:
                yield Check("profile", "fail", str(error))
        yield from window_checks(profile, title)
        if profile is not None:
            yield guarded("bindings", lambda: bindings(profile))
        yield guarded("watchdog", watchdog)
        yield guarded("stop key", stop_key)
        if press:
            yield guarded("keys", keys)
    yield api_key()
    yield disk()


def versions() -> Check:
    machine = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    return Check("versions", "ok", f"wowbot {metadata.version('wowbot')}, {machine}")


def packages() -> Iterator[Check]:
    """The parts that capture, text reading and keys rest on."""
    missing = [name for name in PACKAGES if util.find_spec(_module(name)) is None]
    if missing:
        yield Check("packages", "fail", f"not installed: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    present = [f"{name} {metadata.version(name)}" for name in PACKAGES if name not in missing]
    yield Check("packages", "ok", ", ".join(present))
    spec = util.find_spec("rapidocr")
    if spec is not None and spec.origin is not None:
        models = sorted(path.name for path in Path(spec.origin).parent.glob("models/*.onnx"))
        if models:
            yield Check("models", "ok", f"text reading: {', '.join(models)}")
        else:
            yield Check(
                "models", "warn", "the text-reading models are not there yet", "they come with the first text read"
            )


def detectors() -> Check:
    """Are the detector models there, and are they those of their cards?"""
    from wowbot.core.errors import DetectorError
    from wowbot.perception.detector_card import check_sum, known_models

    broken = []
    models = known_models()
    for path, card in models.values():
        try:
            if path.is_file():
                check_sum(path, card)
            else:
                broken.append(f"{path} is missing")
        except DetectorError as error:
            broken.append(str(error))
    if broken:
        return Check("models", "warn", f"detector: {broken[0]}", "install wowbot again; until then: `--detector off`")
    return Check("models", "ok", f"detector: {', '.join(sorted(models)) or 'none, and no list needs one'}")


def _module(package: str) -> str:
    return {"opencv-python": "cv2", "pygame-ce": "pygame"}.get(package, package)


def capture() -> Check:
    """Which path takes the pixels, and how fast."""
    from wowbot.capture.grab import ScreenGrabber

    grabber = ScreenGrabber()
    try:
        box = grabber.bounds
        times = []
        for _ in range(12):
            start = time.perf_counter()
            grabber.image(box)
            times.append((time.perf_counter() - start) * 1e3)
        slow = grabber.slow
    finally:
        grabber.close()
    middle = sorted(times)[len(times) // 2]
    found = f"{box.width}x{box.height} in {middle:.1f} ms"
    if slow:
        return Check(
            "capture",
            "warn",
            f"{found}, on the slow path: {slow}",
            "shared memory is not usable: play on this machine, not through ssh",
        )
    if middle > SLOW_GRAB_MS:
        return Check("capture", "warn", found, "use `--hz 30`, or a smaller window and screen")
    return Check("capture", "ok", found)


def picture() -> Check:
    """Is there anything to see?"""
    from wowbot.capture.grab import ScreenGrabber
    from wowbot.capture.health import BLACK_BELOW

    grabber = ScreenGrabber()
    try:
        brightest = int(grabber.image(grabber.bounds).max())
    finally:
        grabber.close()
    if brightest < BLACK_BELOW:
        return Check(
            "picture", "warn", "the whole screen is black", "is it locked, off, or a virtual screen with nothing on it?"
        )
    return Check("picture", "ok", "the screen shows something")


def window_checks(profile: Profile | None, title: str | None) -> Iterator[Check]:
    """Is the game's window there, in view, and does the layout fit it?"""
    if profile is None and title is None:
        yield Check("window", "warn", "not looked for", "name a --profile or a --window")
        return
    found: list[Window] = []
    check = guarded("window", lambda: _window(profile, title, found))
    yield check
    if not found or profile is None:
        return
    if check.status == "fail":
        yield Check("layout", "warn", "not tried", "mend the window first")
    else:
        yield guarded("layout", lambda: _layout(profile, found[0]))


def _window(profile: Profile | None, title: str | None, found: list[Window]) -> Check:
    from wowbot.capture.windows import find_window, window_system

    facts = profile.facts.window if profile is not None else None
    system = window_system()
    try:
        strict = facts if title is None else None
        wanted = title if title is not None else (facts.title if facts is not None else "")
        window = find_window(system, wanted, strict.wm_class if strict else "", strict.executable if strict else "")
        state = system.state(window)
    finally:
        system.close()
    found.append(window)
    mends = {
        "covered": "bring it to the front and wholly onto the screen: covered parts cannot be seen",
        "minimised": "restore it: a minimised window shows nothing",
    }
    if state.status:
        return Check("window", "fail", f"{window.describe()} is {state.status}", mends.get(state.status, ""))
    return Check("window", "ok", window.describe() + ("" if state.focused else ", not in front at the moment"))


def _layout(profile: Profile, window: Window) -> Check:
    from wowbot.config import find
    from wowbot.hud import load_layout

    size = (window.rect.width, window.rect.height)
    if profile.facts.layout != "auto":
        layout = load_layout(find("layouts", profile.facts.layout))
        if layout.size_wh == size:
            return Check("layout", "ok", f"{layout.name} fits the window's {size[0]}x{size[1]}")
        width, height = layout.size_wh
        return Check("layout", "fail", f"{layout.name} is for {width}x{height}, the window is {size[0]}x{size[1]}",
                     f"set the window to {width}x{height}, or run `wowbot calibrate`")  # fmt: skip
    from wowbot.calibration.fit import calibrate
    from wowbot.capture.grab import ScreenGrabber

    grabber = ScreenGrabber()
    try:
        image = grabber.image(Rect(*window.rect))
    finally:
        grabber.close()
    result = calibrate([image], era=profile.facts.era if profile.facts.era != "other" else "auto")
    if result.layout is None or result.refused is not None:
        cause = "" if result.refused is None else f": {result.refused.cause}, {result.refused.evidence}"
        return Check("layout", "fail", f"no stock HUD is found{cause}", "log in with a character, the interface shown")
    fitted = result.layout
    return Check(
        "layout", "ok", f"stock HUD found: {fitted.era}, {fitted.ui_scale:.3f} px per unit, score {fitted.score:.2f}"
    )


def bindings(profile: Profile) -> Check:
    """What `wowbot keys check` says, counted."""
    from wowbot.action.keyboards import keyboard
    from wowbot.cli.keys import profile_problems

    problems = profile_problems(profile.bindings.spells, keyboard("auto"))
    if problems:
        return Check("bindings", "warn", f"{len(problems)} problems, first: {problems[0]}", "see `wowbot keys check`")
    return Check("bindings", "ok", f"{len(profile.bindings.spells)} spells, no conflict")


def watchdog() -> Check:
    """Does the process start that lifts the keys of a dead agent?"""
    from wowbot.action.watchdog import Watchdog

    dog = Watchdog()
    start = time.perf_counter()
    dog.start()
    try:
        dog.wait_ready()
    finally:
        dog.close()
    return Check("watchdog", "ok", f"starts in {(time.perf_counter() - start) * 1e3:.0f} ms")


def stop_key() -> Check:
    """Can the stop key be heard?"""
    from wowbot.action.hotkey import StopHotkey

    hotkey = StopHotkey("pause", lambda why: None)  # noqa: ARG005
    try:
        hotkey.start()
    except WowbotError as error:
        return Check("stop key", "warn", str(error), "`wowbot stop` works all the same")
    hotkey.close()
    return Check("stop key", "ok", "Pause is heard")


def keys() -> Check:
    """Does a key pressed by the real sink arrive in a window?"""
    from wowbot.cli.press import press_all

    results = press_all(["1", "shift-2", "1"])
    wrong = [result for result in results if not result.ok]
    if wrong:
        return Check("keys", "fail", f"{wrong[0].sent}: {wrong[0].heard}", "see `wowbot keys press-test`")
    return Check("keys", "ok", f"keys arrive in a window of our own, the last after {results[-1].ms:.1f} ms")


def api_key() -> Check:
    """Is a model's key there? Never its value."""
    present = [name for name in API_KEYS if os.environ.get(name)]
    if present:
        return Check("model key", "ok", f"{' and '.join(present)} is set")
    return Check("model key", "ok", "none in the environment; only profiles with an [llm] backend need one")


def disk() -> Check:
    """Room for recordings."""
    folder = user_dir()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:.1f} GB free at {user_dir()}"
    if free < NO_DISK:
        return Check("disk", "fail", found, "make room: nothing can be recorded")
    if free < LITTLE_DISK:
        return Check("disk", "warn", found, "a recording takes 0.1 to 5 MB a second")
    return Check("disk", "ok", found)
