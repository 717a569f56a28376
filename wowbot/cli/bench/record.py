"""Coding frames: CPU ms and MB per frame of the recorder beside PNG, lossless WebP and libx264rgb, in the same run, on a
still and on a panning scene; then what a recorder costs the loop. All codecs are checked to be bit-exact.

examples:
  wowbot bench record
  wowbot bench record --size 1280x720 --image screenshot.png --json
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from wowbot.core.frame import Frame, Image
from wowbot.core.tick import Tick, empty_tick

BASELINE = "png"
TICKS, BLOCK = 240, 30
LOOKS = 120
"""Small looks at a frame that make up a tick's own work."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Per frame: medians of CPU ms to code and to read back, mean MB; whether what came back was the same."""

    encode_ms: float
    decode_ms: float
    mb: float
    exact: bool


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help="default: 1920x1080")
    parser.add_argument("--frames", type=int, default=12, metavar="N", help="frames per scene and codec (default: 12)")
    parser.add_argument("--image", type=Path, help="a screenshot to move over (default: a made-up landscape)")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def main(args: argparse.Namespace) -> int:
    import cv2

    from wowbot.cli.run import size_from
    from wowbot.core.errors import ConfigError

    if args.frames < 3:
        raise ConfigError(f"--frames: found {args.frames}, expected at least 3")
    cv2.setNumThreads(1)
    size_wh = size_from(args.size)
    world = landscape(size_wh, args.image)
    scenes = {"pan": list(panning(world, size_wh, args.frames)), "still": list(still(world, size_wh, args.frames))}
    codecs: dict[str, Callable[[list[Image]], Cost | None]]
    codecs = {"recorder": recorder, "png": png, "webp": webp, "libx264rgb": x264}
    table = {name: {codec: run(frames) for codec, run in codecs.items()} for name, frames in scenes.items()}
    tap = tap_cost(scenes["pan"])
    raw_mb = size_wh[0] * size_wh[1] * 3 / 1e6
    if args.json:
        plain = {s: {c: None if cost is None else asdict(cost) for c, cost in row.items()} for s, row in table.items()}
        print(json.dumps({"size": args.size, "raw_mb": raw_mb, "scenes": plain, "tap": tap}))
        return 0
    print(f"{args.size}, {raw_mb:.2f} MB raw a frame; one thread, CPU ms; Nx = times as fast as {BASELINE}")
    for scene, row in table.items():
        base = row[BASELINE]
        for codec, cost in row.items():
            print(f"  {scene:<6} {codec:<11} {line(cost, base)}")
    print(
        f"the loop hands a tick over in {tap['on_tick_ms_p50']:.3f} ms p50, {tap['on_tick_ms_p95']:.3f} ms p95\n"
        f"its own work takes {tap['tick_ms_p50_without']:.2f} ms p50, {tap['tick_ms_p95_without']:.2f} ms p95 without, "
        f"{tap['tick_ms_p50_with']:.2f} ms p50, {tap['tick_ms_p95_with']:.2f} ms p95 with a recorder beside it\n"
        f"the coder takes {tap['coding_ms']:.1f} CPU ms a tick on its own thread; {tap['dropped']:.0f} dropped"
    )
    return 0


def line(cost: Cost | None, base: Cost | None) -> str:
    """One row of the table."""
    if cost is None:
        return "not here: pip install 'wowbot[video]'"
    ratio = f", {base.encode_ms / cost.encode_ms:.1f}x" if base is not None else ""
    exact = "" if cost.exact else "  NOT EXACT"
    return f"{cost.encode_ms:7.1f} ms in, {cost.decode_ms:6.1f} ms out, {cost.mb:5.2f} MB{ratio}{exact}"


def landscape(size_wh: tuple[int, int], path: Path | None) -> Image:
    """Something larger than the frame to move over: a screenshot, or noise of many sizes, which codes no easier."""
    import cv2

    from wowbot.core.errors import ConfigError

    width, height = size_wh[0] * 4 // 3, size_wh[1] * 4 // 3
    if path is not None:
        found = cv2.imread(str(path))
        if found is None:
            raise ConfigError(f"--image {path}: no picture that can be read")
        return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    rng = np.random.default_rng(5)
    total = np.zeros((height, width, 3), np.float32)
    for step, weight in ((256, 60), (64, 40), (16, 20), (4, 10), (1, 4)):
        coarse = rng.uniform(-weight, weight, (height // step + 2, width // step + 2, 3)).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(total + 110, 0, 255).astype(np.uint8)


def panning(world: Image, size_wh: tuple[int, int], count: int) -> Iterator[Image]:
    """The camera moves by fractions of a pixel; a HUD stands still on it."""
    import cv2

    for n in range(count):
        shift = np.array([[1, 0, -40 - n * 2.3], [0, 1, -30 - n * 1.1]], np.float32)
        image = np.asarray(cv2.warpAffine(world, shift, size_wh, flags=cv2.INTER_LINEAR), np.uint8)
        yield hud(image, n)


def still(world: Image, size_wh: tuple[int, int], count: int) -> Iterator[Image]:
    """The camera stands; something the size of a character sways."""
    width, height = size_wh
    for n in range(count):
        image = world[:height, :width].copy()
        x = width // 2 + round(10 * np.sin(n))
        image[height // 3 : height // 3 + 300, x : x + 200] = world[-300:, -200:]
        yield hud(image, n)


def hud(image: Image, n: int) -> Image:
    """Bars and a row of slots."""
    image[20:120, 20:260] = 30
    image[50:60, 100 : 250 - n] = (0, 200, 0)
    image[-60:-10, 200:800] = 50
    return image


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU ms and result; another process on the same core does not count."""
    started = time.process_time()
    result = work()
    return (time.process_time() - started) * 1e3, result


def recorder(frames: list[Image]) -> Cost:
    """The recorder's own codec, key frame not counted (one in two seconds)."""
    from wowbot.recording.choice import Plan
    from wowbot.recording.pixels import FrameDecoder, FrameEncoder

    height, width = frames[0].shape[:2]
    plan, encoder, decoder = Plan((width, height)), FrameEncoder(), FrameDecoder()
    rows = []
    for image in frames:
        took, coded = timed(lambda image=image: encoder.encode(plan.take(image), plan))  # type: ignore[misc]
        body = memoryview(coded.head + coded.payload)
        back, vector = timed(lambda body=body, crc=coded.crc: decoder.decode(body, crc))  # type: ignore[misc]
        rows.append((took, back, len(body), np.array_equal(plan.compose(vector), image)))
    return summed(rows[1:])


def png(frames: list[Image]) -> Cost:
    """OpenCV's PNG at its fastest."""
    import cv2

    return by_picture(frames, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 1])


def webp(frames: list[Image]) -> Cost:
    """Lossless WebP."""
    import cv2

    return by_picture(frames, ".webp", [cv2.IMWRITE_WEBP_QUALITY, 101])


def by_picture(frames: list[Image], suffix: str, options: list[int]) -> Cost:
    """A codec of single pictures."""
    import cv2

    rows = []
    for image in frames[1:]:
        took, (_, data) = timed(lambda image=image: cv2.imencode(suffix, image, options))  # type: ignore[misc]
        back, found = timed(lambda data=data: cv2.imdecode(data, cv2.IMREAD_COLOR))  # type: ignore[misc]
        rows.append((took, back, len(data), np.array_equal(found, image)))
    return summed(rows)


def x264(frames: list[Image]) -> Cost | None:
    """libx264rgb, quantiser 0, ultrafast, a key frame every 30; None without PyAV."""
    try:
        import av
    except ImportError:
        return None
    height, width = frames[0].shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "a.mkv")
        with av.open(path, "w") as out:
            stream = out.add_stream(
                "libx264rgb", rate=30, options={"qp": "0", "preset": "ultrafast", "tune": "zerolatency"}
            )
            stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, height, "bgr24", 30
            stream.codec_context.thread_count = 1
            took = [timed(lambda image=image: code(out, stream, image))[0] for image in frames]  # type: ignore[misc]
            out.mux(stream.encode())
        size = Path(path).stat().st_size
        with av.open(path) as back:
            back.streams.video[0].thread_count = 1
            spent, found = timed(lambda: [f.to_ndarray(format="bgr24") for f in back.decode(video=0)])
    exact = len(found) == len(frames) and all(np.array_equal(a, b) for a, b in zip(found, frames, strict=True))
    return Cost(statistics.median(took[1:]), spent / len(frames), size / len(frames) / 1e6, exact)


def code(out: Any, stream: Any, image: Image) -> None:
    """One frame into a video."""
    import av

    out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))


def summed(rows: list[tuple[float, float, int, bool]]) -> Cost:
    """Medians and the mean size."""
    return Cost(
        statistics.median(row[0] for row in rows),
        statistics.median(row[1] for row in rows),
        statistics.fmean(row[2] for row in rows) / 1e6,
        all(row[3] for row in rows),
    )


def tap_cost(frames: list[Image]) -> dict[str, float]:
    """What a recorder costs the loop at 30 Hz: on_tick itself, and the loop's own work with and without the coder beside it.

    Blocks with and without alternate, so that what else the machine does falls on both.
    """
    from wowbot.recording.schema import Header
    from wowbot.recording.tap import RecordingTap

    handed: list[float] = []
    with_tap: list[float] = []
    without: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        tap = RecordingTap(Path(folder) / "a.mcap", Header("window"))
        for n in range(TICKS):
            recorded = n // BLOCK % 2 == 0
            started = time.perf_counter()
            tick = looked_at(n, frames[n % len(frames)])
            if recorded:
                before = time.perf_counter()
                tap.on_tick(tick)
                handed.append((time.perf_counter() - before) * 1e3)
            (with_tap if recorded else without).append((time.perf_counter() - started) * 1e3)
            time.sleep(max(0.0, 0.0333 - (time.perf_counter() - started)))
            if n % BLOCK == BLOCK - 1:
                tap.settle()
        tap.close()
        stats = tap.stats
    return {
        "on_tick_ms_p50": share_of(handed, 0.5),
        "on_tick_ms_p95": share_of(handed, 0.95),
        "tick_ms_p50_with": share_of(with_tap, 0.5),
        "tick_ms_p50_without": share_of(without, 0.5),
        "tick_ms_p95_with": share_of(with_tap, 0.95),
        "tick_ms_p95_without": share_of(without, 0.95),
        "coding_ms": stats.coding_s * 1e3 / max(1, stats.ticks),
        "dropped": float(stats.dropped_frames + stats.dropped_ticks),
    }


def looked_at(n: int, image: Image) -> Tick:
    """A tick after about as much work as reading a HUD: many small looks, in and out of the interpreter."""
    total = 0.0
    for row in range(LOOKS):
        strip = image[4 * row : 4 * row + 4, 100:300]
        total += float((strip[:, :, 1].astype(np.int16) - strip[:, :, 2] > 40).mean())
    return replace(empty_tick(Frame(n, n * 33_333_333, image, "bench")), stage_ms={"perception": total})


def share_of(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[int(share * (len(values) - 1))]
