"""Detections as terms: tracked between results, aged, replayable; the feed keeps its rate and stays off the loop."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.core.detection import Detection, iou
from wowbot.core.event import DelayedRunner, Event, Mailbox, NullRunner, ThreadRunner
from wowbot.core.frame import Frame
from wowbot.core.layout import Layout, Rect, Region
from wowbot.core.terms import find
from wowbot.perception.detect import MAX_AGE_S, TERMS, DetectorFeed, Sights, payload
from wowbot.perception.detector_model import load_detector
from wowbot.perception.pipeline import HudPerception
from wowbot.perception.tracking import Tracks

TOY = Path(__file__).parent / "models" / "raw.onnx"
SIZE = (640, 480)
NS = 10**9


def layout(**regions: Region) -> Layout:
    return Layout("t", "t", "wotlk", SIZE, 1.0, regions)


def enemy(x: float, y: float, confidence: float = 0.9, label: str = "enemy") -> Detection:
    return Detection(label, x - 20, y - 40, x + 20, y + 40, confidence)


def event(t_s: float, *found: Detection) -> Event:
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    return Event("detections", 0, payload(found, image, round(t_s * NS)))


def seen(*events: Event, at: float, where: Layout | None = None) -> dict[str, Any]:
    """Values of the terms at a time, after some results."""
    sights = Sights(where or layout())
    for one in events:
        sights.take([one])
    return {term: reading.value for term, reading in sights.readings(round(at * NS)).items()}


def test_before_the_first_result_no_term_is_written() -> None:
    assert seen(at=1.0) == {}


def test_the_enemy_nearest_to_the_centre_is_told_with_offset_and_size() -> None:
    values = seen(event(0.0, enemy(100, 100), enemy(400, 240)), at=0.1)
    assert (values["enemy.visible"], values["enemy.count"], values["enemies.visible"]) == (1, 2, 2)
    assert (values["enemy.x"], values["enemy.y"]) == (400, 240)
    assert values["enemy.dx"] == pytest.approx(100 * 80 / 480)
    assert values["enemy.dy"] == pytest.approx(0)
    assert values["enemy.size"] == pytest.approx(100 * 80 / 480)


def test_nothing_found_is_a_zero_and_not_an_unknown_but_its_place_is_unknown() -> None:
    values = seen(event(0.0), at=0.1)
    assert (values["corpse.visible"], values["corpse.count"], values["corpse.x"]) == (0, 0, None)


def test_confidence_falls_with_age_and_an_old_result_is_unknown() -> None:
    sights = Sights(layout())
    sights.take([event(0.0, enemy(100, 100))])
    fresh, later = (sights.readings(round(t * NS))["enemy.visible"] for t in (0.0, 1.0))
    assert 0 < later.confidence < fresh.confidence
    gone = sights.readings(round((MAX_AGE_S + 0.1) * NS))
    assert {gone[term].value for term in TERMS} == {None}
    assert "1.6 s old" in gone["enemy.visible"].why


def test_a_failing_worker_makes_the_terms_unknown_with_its_cause() -> None:
    sights = Sights(layout())
    sights.take([Event("detections", 0, {"error": "RuntimeError: out of memory"})])
    assert "out of memory" in sights.readings(0)["enemy.visible"].why


def test_an_id_stays_while_the_object_moves_and_is_not_used_again() -> None:
    ids = []
    sights = Sights(layout())
    for n in range(6):
        sights.take([event(n * 0.25, enemy(100 + 30 * n, 200))])
        ids.append(sights.readings(round(n * 0.25 * NS))["enemy.id"].value)
    assert set(ids) == {1.0}
    for n in range(6, 12):
        sights.take([event(n * 0.25)])
    sights.take([event(3.0, enemy(400, 300))])
    assert sights.readings(3 * NS)["enemy.id"].value == 2.0


def test_between_results_a_moving_object_is_expected_further_on() -> None:
    results = [event(n * 0.25, enemy(100 + 25 * n, 200)) for n in range(8)]
    assert seen(*results, at=2.0)["enemy.x"] == pytest.approx(100 + 100 * 2.0, abs=6)


def test_an_unsure_object_is_told_of_only_when_it_was_found_twice() -> None:
    weak = enemy(100, 100, 0.4)
    assert seen(event(0.0, weak), at=0.0)["enemy.count"] == 0
    assert seen(event(0.0, weak), event(0.25, weak), at=0.25)["enemy.count"] == 1


def test_a_bobber_that_is_pulled_under_splashes_and_a_floating_one_does_not() -> None:
    def bobber(y: float) -> Detection:
        return Detection("bobber", 300, y - 10, 320, y + 10, 0.9)

    calm = [event(n * 0.25, bobber(200 + n % 2)) for n in range(8)]
    assert seen(*calm, at=1.8)["bobber.splash"] == 0
    assert seen(*calm, event(2.0, bobber(209)), at=2.0)["bobber.splash"] == 1
    assert seen(calm[0], at=0.1)["bobber.splash"] is None


def test_nameplates_come_from_the_detector_only_where_no_reader_looks_for_them() -> None:
    plates = event(0.0, enemy(300, 100, label="nameplate_hostile"), enemy(100, 100, label="nameplate_friendly"))
    values = seen(plates, at=0.0)
    assert (values["nameplate.count"], values["nameplate.1.reaction"], values["nameplate.2.reaction"]) == (2, 5, 2)
    read = layout(nameplates=Region(Rect(0, 0, *SIZE), "nameplates"))
    assert "nameplate.count" not in seen(plates, at=0.0, where=read)


def test_every_term_is_a_known_one_within_its_range() -> None:
    found = [enemy(30, 20, label=label) for label in ("enemy", "corpse", "player", "bobber", "nameplate_neutral")]
    values = seen(*(event(0.25 * n, *found) for n in range(6)), at=1.3)
    assert not [term for term in values if find(term) is None]
    assert set(values) >= TERMS


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0, 640), st.floats(0, 480), st.floats(0.1, 1.0), st.booleans()), max_size=5),
        max_size=8,
    )
)
def test_tracks_of_anything_have_different_ids_and_sound_boxes(
    shots: list[list[tuple[float, float, float, bool]]],
) -> None:
    tracks = Tracks()
    for n, shot in enumerate(shots):
        tracks.update([enemy(x, y, c, "enemy" if kind else "corpse") for x, y, c, kind in shot], n * 0.25)
        ids = [track.id for track in tracks.tracks]
        assert len(ids) == len(set(ids))
        assert all(np.isfinite(track.at(n * 0.25 + 0.1)[1:5]).all() for track in tracks.tracks)


def test_two_objects_that_pass_each_other_keep_their_ids() -> None:
    tracks = Tracks()
    for n in range(12):
        tracks.update([enemy(100 + 30 * n, 150), enemy(430 - 30 * n, 260)], n * 0.2)
    places = {track.id: track.at(2.2).center[0] for track in tracks.tracks}
    assert places[1] == pytest.approx(430, abs=10)
    assert places[2] == pytest.approx(100, abs=10)


def test_overlap_of_a_box_with_itself_is_1_and_with_a_far_one_0() -> None:
    assert iou(enemy(0, 0), enemy(0, 0)) == 1.0
    assert iou(enemy(0, 0), enemy(500, 0)) == 0.0


def test_closing_the_worker_waits_for_the_job_under_way() -> None:
    mailbox = Mailbox()
    runner = ThreadRunner(mailbox)
    begun, gate = threading.Event(), threading.Event()

    def job() -> dict[str, Any]:
        begun.set()
        gate.wait(5)
        return {"done": 1}

    runner.submit("detections", 3, 0, job)
    assert begun.wait(5)
    closer = threading.Thread(target=runner.close)
    closer.start()
    assert closer.is_alive()
    gate.set()
    closer.join(5)
    assert [e.payload for e in mailbox.take(4)] == [{"done": 1}]


class TestFeed:
    """Frames to the worker and back, in game time."""

    def feed(self, where: Layout) -> DetectorFeed:
        return DetectorFeed(load_detector(str(TOY), tile_px=0), where, rate_hz=4.0)

    def play(self, perception: HudPerception, mailbox: Mailbox, runner: DelayedRunner, green: Rect) -> list[Any]:
        ticks = []
        image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        image[green.top : green.bottom, green.left : green.right] = (0, 255, 0)
        for index in range(40):
            frame = Frame(index, index * NS // 20, image, "t")
            runner.advance(frame.t_ns)
            events = mailbox.take(index)
            ticks.append((frame, events, perception.observe(frame, events).readings))
        return ticks

    def run(self, where: Layout, green: Rect) -> list[Any]:
        mailbox = Mailbox()
        runner = DelayedRunner(mailbox, 0.1)
        perception = HudPerception(where, runner=runner)
        perception.detector = self.feed(where)
        return self.play(perception, mailbox, runner, green)

    def test_results_arrive_at_the_detectors_own_rate_and_become_terms(self) -> None:
        ticks = self.run(layout(), Rect(240, 200, 80, 80))
        results = [e for _, events, _ in ticks for e in events]
        assert len(results) == 8
        assert ticks[-1][2]["enemy.visible"].value == 1.0
        assert 0 < ticks[-1][2]["detector.age"].value < 0.5

    def test_a_replay_without_a_model_reads_as_the_run_did(self) -> None:
        ticks = self.run(layout(), Rect(240, 200, 80, 80))
        again = HudPerception(layout(), runner=NullRunner())
        for frame, events, readings in ticks:
            assert again.observe(frame, events).readings == readings

    def test_what_lies_under_the_hud_is_not_told(self) -> None:
        bar = Region(Rect(200, 160, 200, 160), "bar", {"unit": "player", "resource": "health"})
        ticks = self.run(layout(**{"player.health": bar}), Rect(240, 200, 80, 80))
        assert ticks[-1][2]["enemy.count"].value == 0.0
