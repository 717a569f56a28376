"""detect, dataset and train as their user meets them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from wowbot.cli.main import main
from wowbot.core.layout import Layout, Rect, Region
from wowbot.hud import save_layout

TOY = Path(__file__).parent.parent / "perception" / "models" / "raw.onnx"


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    """64x64, black, with a red square at (16, 24)."""
    image = np.zeros((64, 64, 3), np.uint8)
    image[24:32, 16:24] = (0, 0, 255)
    path = tmp_path / "shot.png"
    cv2.imwrite(str(path), image)
    return path


def test_detect_tells_what_is_on_a_picture_and_draws_it(shot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = shot.with_name("seen.png")
    assert main(["detect", str(shot), "--model", str(TOY), "--json", "--overlay", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["found"] == [{"class": "nameplate_hostile", "bbox": [16.0, 24.0, 24.0, 32.0], "confidence": 1.0}]
    assert cv2.imread(str(out)).shape == (64, 64, 3)


def test_detect_leaves_out_what_lies_on_the_hud(shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout = Layout("mine", "mine", "other", (64, 64), 1.0, {"bag": Region(Rect(10, 20, 20, 20), "place", {})})
    bar = Region(Rect(10, 20, 20, 20), "bar", {"unit": "player", "resource": "health"})
    for regions, count in ((layout.regions, 1), ({"player.health": bar}, 0)):
        path = tmp_path / f"layout{count}.toml"
        save_layout(replace(layout, regions=regions), path)
        assert main(["detect", str(shot), "--model", str(TOY), "--json", "--layout", str(path)]) == 0
        assert len(json.loads(capsys.readouterr().out)["found"]) == count


def test_detect_without_a_hud_in_the_picture_tells_of_everything(
    shot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["detect", str(shot), "--model", str(TOY), "--json", "--layout", "auto"]) == 0
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["found"]) == 1
    assert "no stock HUD was found" in printed.err


def test_detect_reads_every_nth_frame_of_a_video(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = cv2.VideoWriter(str(tmp_path / "v.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 64))
    if not video.isOpened():
        pytest.skip("this OpenCV writes no MJPG")
    for n in range(6):
        video.write(np.full((64, 64, 3), 40 * n, np.uint8))
    video.release()
    assert (
        main(["detect", str(tmp_path / "v.avi"), "--model", str(TOY), "--every", "3", "--overlay", str(tmp_path / "o")])
        == 0
    )
    assert len(capsys.readouterr().out.splitlines()) == len(list((tmp_path / "o").glob("*.png"))) == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nowhere.png", "--model", str(TOY)], "nowhere.png"),
        (["{shot}", "--model", "no-such"], "no detector 'no-such'"),
        (["{shot}", "--model", str(TOY.with_name("dynamic.onnx"))], "dynamic axes"),
        (["{shot}", "--model", str(TOY.with_name("other_classes.onnx"))], "another class list"),
        (["{shot}", "--model", str(TOY), "--confidence", "7"], "--confidence"),
        (["{shot}", "--model", str(TOY), "--every", "0"], "--every"),
        (["{shot}", "--model", str(TOY), "--tile", "5"], "--tile"),
        (["{shot}", "--model", str(TOY), "--region", "0", "0", "5", "5"], "--region"),
        (["{shot}", "--model", str(TOY), "--backend", "abacus"], "abacus"),
        (["{shot}", "--model", str(TOY), "--overlay", "{shot}/x.png"], "cannot be written"),
    ],
    ids=["file", "model", "dynamic", "classes", "confidence", "every", "tile", "region", "backend", "overlay"],
)
def test_detect_refuses_bad_input_with_exit_code_2(
    shot: Path, args: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["detect", *(a.format(shot=shot) for a in args)]) == 2
    assert told in capsys.readouterr().err


def test_a_set_is_built_counted_shown_and_found_unfit_to_split(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "set"
    assert main(["dataset", "build", "--out", str(data), "--count", "2", "--held", "1"]) == 0
    assert main(["dataset", "stats", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [told["splits"][part]["pictures"] for part in ("train", "val", "test")] == [2, 1, 1]
    assert told["on_both_sides"] == []
    assert main(["dataset", "view", str(data), "--out", str(tmp_path / "sheet.png")]) == 0
    assert (tmp_path / "sheet.png").is_file()


def test_a_split_that_leaks_is_told_by_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dataset", "build", "--out", str(tmp_path), "--count", "2", "--held", "1"])
    for kind, suffix in (("images", "jpg"), ("labels", "txt")):
        stem = next((tmp_path / kind / "train").iterdir()).stem
        target = tmp_path / kind / "test" / f"{stem.rpartition('__')[0]}__999999.{suffix}"
        shutil.copy(tmp_path / kind / "train" / f"{stem}.{suffix}", target)
    assert main(["dataset", "stats", str(tmp_path)]) == 1
    assert "on both sides" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["build", "--out", "{tmp}/s", "--count", "0", "--held", "0"], "no pictures to make"),
        (["build", "--out", "{tmp}/s", "--sprites", "{tmp}/none"], "no such folder"),
        (["build", "--out", "{tmp}/s", "--count", "1", "--held", "0", "--recording", "{tmp}/none"], "no such file"),
        (["view", "{tmp}", "--out", "{tmp}/a.png"], "no pictures"),
        (["stats", "{tmp}"], "holds no images"),
        (["split", "{tmp}", "--val", "0.9", "--test", "0.3"], "shares"),
        (["cut-flare", "--out", "{tmp}/c", "--game", "{tmp}"], "no FLARE animations"),
    ],
    ids=["count", "sprites", "recording", "view", "stats", "split", "cut"],
)
def test_dataset_refuses_bad_input_with_exit_code_2(
    tmp_path: Path, args: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dataset", *(a.format(tmp=tmp_path) for a in args)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "told"),
    [(["--data", "{tmp}"], "no pictures"), (["--data", "{tmp}", "--imgsz", "333"], "multiple of 32")],
    ids=["no_data", "size"],
)
def test_train_refuses_bad_input_with_exit_code_2(
    tmp_path: Path, args: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *(a.format(tmp=tmp_path) for a in args)]) == 2
    assert told in capsys.readouterr().err


def test_train_without_its_extra_says_what_to_install(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if find_spec("ultralytics") is not None:
        pytest.skip("the train extra is installed")
    main(["dataset", "build", "--out", str(tmp_path), "--count", "1", "--held", "1"])
    assert main(["train", "--data", str(tmp_path)]) == 2
    assert "constraints-cpu.txt" in capsys.readouterr().err


def test_run_plays_on_by_the_hud_alone_without_a_usable_detector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    code = main(
        ["run", "--profile", "mage", "--world", "sim", "--seconds", "2", "--detector", str(tmp_path / "broken.onnx")]
    )
    told = capsys.readouterr().out
    assert code == 0
    assert "note: no detector, the HUD alone is read" in told
    assert "broken.onnx" in told
