"""A recording in other people's formats: pictures, a video, a table, a rerun viewer file. One tick at a time in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from wowbot.core.errors import RecordingError
from wowbot.core.tick import Tick

Ticks = Iterable[Tick]


def export_png(ticks: Ticks, out: Path) -> int:
    """One PNG for each kept frame, named by its index; returns how many.

    Raises:
        RecordingError: a picture cannot be written.
    """
    import cv2

    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for tick in ticks:
        if tick.frame.image is not None:
            path = out / f"{tick.frame.index:06d}.png"
            if not cv2.imwrite(str(path), tick.frame.image):
                raise RecordingError(f"{path}: cannot be written")
            count += 1
    return count


def export_mp4(ticks: Ticks, out: Path, fps: float = 30.0) -> int:
    """A video at the recorded speed (lossy); frames of another size than the first are fitted into it.

    Args:
        fps: of the video; the picture shown is the last one kept at that moment.

    Raises:
        RecordingError: this OpenCV cannot write MPEG-4, or there is no frame.
    """
    import cv2

    out.parent.mkdir(parents=True, exist_ok=True)
    writer: Any = None
    count, size_wh = 0, (0, 0)
    for image in _steady(ticks, fps):
        if writer is None:
            size_wh = int(image.shape[1]), int(image.shape[0])
            writer = cv2.VideoWriter(str(out), cv2.VideoWriter.fourcc(*"mp4v"), fps, size_wh)
            if not writer.isOpened():
                raise RecordingError(f"{out}: this OpenCV cannot write MPEG-4; export to png instead")
        fits = image.shape[1::-1] == size_wh
        writer.write(image if fits else cv2.resize(image, size_wh))
        count += 1
    if writer is None:
        raise RecordingError("there is no frame to make a video of")
    writer.release()
    return count


def _steady(ticks: Ticks, fps: float) -> Iterator[Any]:
    """The picture shown at each of fps moments a second."""
    image: Any = None
    due_ns: int | None = None
    for tick in ticks:
        if tick.frame.image is None:
            continue
        due_ns = tick.frame.t_ns if due_ns is None else due_ns
        while image is not None and due_ns < tick.frame.t_ns:
            yield image
            due_ns += round(1e9 / fps)
        image = tick.frame.image
    if image is not None:
        yield image


def export_csv(ticks: Callable[[], Ticks], out: Path) -> int:
    """The state as a table: one row a tick, one column a term; empty = unknown.

    Args:
        ticks: gives the ticks anew each time; they are read twice, first for the columns.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    terms = sorted({term for tick in ticks() for term in tick.state.values})
    count = 0
    with out.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["index", "t_s", "source", "rule", "ability", "keys", *terms])
        first_ns: int | None = None
        for tick in ticks():
            first_ns = tick.frame.t_ns if first_ns is None else first_ns
            keys = " ".join(("+" if key.down else "-") + key.key for key in tick.keys)
            decision = tick.decision
            head = [tick.frame.index, f"{(tick.frame.t_ns - first_ns) / 1e9:.3f}", decision.source, decision.rule]
            values = [tick.state.values.get(term) for term in terms]
            table.writerow([*head, decision.ability, keys, *("" if v is None else v for v in values)])
            count += 1
    return count


def export_rrd(ticks: Ticks, out: Path) -> int:
    """A file for the rerun viewer: frames, numbers of the state, decisions as text.

    Raises:
        RecordingError: the viewer extra is not installed.
    """
    try:
        import rerun as rr
    except ImportError as error:
        raise RecordingError("export to .rrd needs the viewer: pip install 'wowbot[viewer]'") from error
    stream = rr.RecordingStream("wowbot")
    stream.save(str(out))
    count = 0
    for tick in ticks:
        stream.set_time("frame", duration=tick.frame.t_ns / 1e9)
        if tick.frame.image is not None:
            stream.log("frame", rr.Image(tick.frame.image, color_model="BGR").compress(jpeg_quality=85))
        for term, value in tick.state.values.items():
            if isinstance(value, float | int):
                stream.log(f"state/{term}", rr.Scalars(float(value)))
        if tick.decision.rule:
            stream.log("decision", rr.TextLog(f"{tick.decision.rule} {tick.decision.ability}: {tick.decision.reason}"))
        count += 1
    return count
