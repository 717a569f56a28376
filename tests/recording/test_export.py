"""Other people's formats."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.recording.test_tap import record
from tests.recording.ticks import image_at, run
from wowbot.core.errors import RecordingError
from wowbot.recording.export import export_csv, export_mp4, export_png, export_rrd
from wowbot.recording.reader import Recording


def test_pngs_are_the_kept_frames(tmp_path: Path) -> None:
    with Recording(record(tmp_path / "a.mcap", 20, "5fps")) as recording:
        assert export_png(recording.ticks(), tmp_path / "png") == 5
    for n in (0, 16):
        np.testing.assert_array_equal(cv2.imread(str(tmp_path / "png" / f"{n:06d}.png")), image_at(n))


def test_the_video_lasts_as_long_as_the_recording(tmp_path: Path) -> None:
    assert export_mp4(run(40), tmp_path / "a.mp4", fps=10.0) == 21
    video = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    assert video.get(cv2.CAP_PROP_FRAME_COUNT) == 21
    video.release()


def test_no_frame_no_video(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no frame"):
        export_mp4(run(3, picture=False), tmp_path / "a.mp4")


def test_the_table_has_a_column_a_term_and_nothing_for_unknown(tmp_path: Path) -> None:
    assert export_csv(lambda: run(5), tmp_path / "a.csv") == 5
    with (tmp_path / "a.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[2]["health.pct"] == "90.0"
    assert rows[2]["target.name"] == ""
    assert (rows[3]["rule"], rows[3]["ability"], rows[1]["keys"]) == ("default.2", "bolt", "+2 -2")


def test_the_viewer_format_names_its_extra_when_it_is_missing(tmp_path: Path) -> None:
    import importlib.util

    if importlib.util.find_spec("rerun") is not None:
        assert export_rrd(run(3), tmp_path / "a.rrd") == 3
        return
    with pytest.raises(RecordingError, match=r"pip install 'wowbot\[viewer\]'"):
        export_rrd(run(3), tmp_path / "a.rrd")
