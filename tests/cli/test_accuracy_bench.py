"""`wowbot bench accuracy`: its copies, cases and counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wowbot.calibration.alter import redraw
from wowbot.cli.bench.cases import Case, era_of
from wowbot.cli.bench.score import Score, edit_distance, table
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading, unknown


@pytest.mark.parametrize(
    ("era", "ours"),
    [
        ("vanilla_1.12_turtle", "vanilla"),
        ("tbc_2.4.3", "tbc"),
        ("tbc/wotlk_classic", "classic_era"),
        ("wotlk_3.3.5a_deDE", "wotlk"),
        ("classic_1.13-1.15", "classic_era"),
        ("classic_era_SoD", "classic_era"),
        ("retail_12 (midnight)", "retail"),
        ("starcraft", "other"),
    ],
)
def test_the_index_eras_are_mapped_to_ours(era: str, ours: str) -> None:
    assert era_of(era) == ours


@pytest.mark.parametrize("fraction", [0.03, 0.5, 1.0])
def test_a_redrawn_bar_keeps_the_share_asked_for(fraction: float) -> None:
    image = np.full((500, 800, 3), 120, np.uint8)
    rect = Rect(100, 50, 200, 10)
    image[50:60, 100:300] = (0, 200, 0)
    cut = redraw(image, rect, fraction, hidden=(0.0, 0.0), rng=np.random.default_rng(1))
    row = cut[55, 100:300].astype(int)
    assert np.mean(row[:, 1] - row[:, 0] > 100) == pytest.approx(fraction, abs=0.006)
    assert (cut[:50] == image[:50]).all()


def test_a_score_counts_right_wrong_and_unknown() -> None:
    score, case = Score(), Case("health.pct", "fill", 50.0, 1.5)
    score.add(case, Reading(51.0), "a.png")
    score.add(case, Reading(70.0), "b.png")
    score.add(case, unknown("covered"), "c.png")
    assert (score.total, score.right, score.unknown) == (3, 1, 1)
    assert score.errors == [1.0, 20.0]
    assert "b.png" in score.misses[0]
    assert "covered" in score.misses[1]


def test_texts_are_scored_by_letters_too() -> None:
    score = Score()
    score.add(Case("name", "text", "Wolf"), Reading("Walf"), "a.png")
    assert (score.right, score.edits, score.letters) == (0, 1, 4)


@pytest.mark.parametrize(("a", "b", "n"), [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)])
def test_edit_distance(a: str, b: str, n: int) -> None:
    assert edit_distance(a, b) == edit_distance(b, a) == n


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [["1", "2"]]).splitlines() == ["| a | b |", "|---|---|", "| 1 | 2 |"]


def test_the_command_writes_its_report(screens_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wowbot.cli.main import main

    out = tmp_path / "docs" / "accuracy.md"
    args = ["--screens", str(screens_dir), "--only", "sequences", "--out", str(out)]
    assert main(["bench", "accuracy", *args]) == 0
    assert out.read_text(encoding="utf-8") == capsys.readouterr().out[:-1]
    assert "cast" in out.read_text(encoding="utf-8")
