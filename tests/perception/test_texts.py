"""Which text is read when, and when an answer goes stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import pytest

from wowbot.core.event import Event, Job
from wowbot.core.layout import Rect
from wowbot.core.reading import Reading
from wowbot.perception.namelook import name_line
from wowbot.perception.ocr import read_twice, settled
from wowbot.perception.reader import Text, TextSpot
from wowbot.perception.text import name_reading
from wowbot.perception.texts import INTERVAL_S, Texts, fingerprint

SPOTS = (TextSpot("a", Rect(0, 0, 90, 16), "name"), TextSpot("b", Rect(0, 20, 90, 16), "name", gate="b.exists"))


class Counting:
    """A runner that only remembers when it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def submit(self, kind: str, frame_index: int, t_ns: int, job: Job) -> bool:
        self.asked.append(t_ns)
        return True

    def advance(self, t_ns: int) -> None:
        pass

    def close(self) -> None:
        pass


def picture(*words: str) -> Any:
    image = np.full((40, 90, 3), 20, np.uint8)
    for row, word in enumerate(words):
        cv2.putText(image, word, (2, 13 + 20 * row), cv2.FONT_HERSHEY_PLAIN, 1.0, (0, 209, 255), 1)
    return image


def answer(key: str, text: str, image: Any, rect: Rect) -> Event:
    row: Mapping[str, Any] = {
        "key": key,
        "text": text,
        "confidence": 0.9,
        "print": f"{fingerprint(rect.crop(image), 'gray'):x}",
    }
    return Event("text", 0, {"texts": [row]})


def test_at_most_one_crop_is_read_in_an_interval() -> None:
    texts, runner, image = Texts(SPOTS), Counting(), picture("Wolf", "Gorn")
    for index in range(60):
        texts.look(image, {})
        texts.submit(image, index, index * 16_666_667, runner)
    gaps = np.diff(runner.asked)
    assert len(runner.asked) >= 5
    assert gaps.min() >= INTERVAL_S * 1e9


def test_a_text_that_was_read_and_has_not_changed_is_not_read_again() -> None:
    texts, runner, image = Texts(SPOTS[:1]), Counting(), picture("Wolf", "")
    texts.take([answer("a", "Wolf", image, SPOTS[0].rect)])
    for index in range(30):
        texts.look(image, {})
        texts.submit(image, index, index * 10**8, runner)
    assert runner.asked == []
    assert texts.answers["a"].fresh


def test_a_changed_text_goes_stale_and_a_brightness_change_does_not() -> None:
    texts, image = Texts(SPOTS[:1]), picture("Wolf", "")
    texts.take([answer("a", "Wolf", image, SPOTS[0].rect)])
    texts.look(np.asarray(cv2.convertScaleAbs(image, alpha=0.8), np.uint8), {})
    assert texts.answers["a"].fresh
    texts.look(picture("Kobold", ""), {})
    assert not texts.answers["a"].fresh


def test_a_text_whose_unit_is_gone_is_forgotten_and_not_read() -> None:
    texts, runner, image = Texts(SPOTS[1:]), Counting(), picture("", "Gorn")
    texts.take([answer("b", "Gorn", image, SPOTS[1].rect)])
    texts.look(image, {"b.exists": Reading(0.0)})
    texts.submit(image, 0, 0, runner)
    assert "b" not in texts.answers
    assert runner.asked == []


def test_a_failed_worker_is_no_answer() -> None:
    texts = Texts(SPOTS)
    texts.take([Event("text", 0, {"error": "no model"})])
    assert texts.answers == {}


@pytest.mark.parametrize(
    ("looks", "text", "sure"),
    [
        ([("23", 0.38), ("4", 1.0), ("4", 0.95), ("4", 0.99)], "4", 1.0),
        ([("1", 0.57), ("1", 1.0), ("0", 0.62), ("1", 0.7)], "1", 1.0),
        ([("61", 0.1), ("6", 0.5), ("61", 0.2), ("61", 0.9)], "61", 0.9),
        ([("8", 0.5), ("", 0.0), ("3", 0.55), ("6", 0.4)], "3", 0.275),
        ([("", 0.0), ("", 0.0), ("", 0.0), ("", 0.0)], "", 0.0),
        ([("0", 0.23), ("1", 0.99), ("0", 0.26), ("0", 0.38)], "1", 0.495),
        ([("0", 0.23), ("0", 0.7), ("", 0.0), ("0", 0.38)], "", 0.0),
    ],
    ids=[
        "a ring read as a digit",
        "a narrow one",
        "a close cut",
        "no two agree",
        "nothing",
        "1 within its ring",
        "a ring",
    ],
)
def test_an_unsure_level_is_what_most_looks_agree_on(looks: list[tuple[str, float]], text: str, sure: float) -> None:
    assert settled(looks) == (text, pytest.approx(sure))


GOLD, DULL, GREY = (10, 190, 230), (50, 88, 92), (130, 130, 130)


def letters(*blocks: tuple[int, int, tuple[int, int, int]]) -> np.ndarray:
    """A dark strip with upright strokes, two px wide every four, from and to these columns."""
    crop = np.full((14, 120, 3), 20, np.uint8)
    for first, last, colour in blocks:
        for x in range(first, last, 4):
            crop[3:11, x : x + 2] = colour
    return crop


def test_the_duller_letters_at_a_names_ends_belong_to_it() -> None:
    part = name_line(letters((32, 48, DULL), (48, 72, GOLD), (72, 88, DULL)), "gray").gray
    assert (part == 88).any(0).sum() == 16


def test_what_stands_beside_a_name_does_not_belong_to_it() -> None:
    part = name_line(letters((20, 44, GOLD), (60, 84, GREY), (100, 112, DULL)), "gray").gray
    assert part.shape[1] < 44
    assert not (part == 130).any()


def test_the_room_round_a_name_ends_before_letters_of_another_colour() -> None:
    part = name_line(letters((8, 20, (210, 200, 200)), (24, 48, GOLD)), "gray").gray
    assert part.max() == 190


STRIPS = {
    "red": (0, 0, 180),
    "orange": (0, 90, 180),
    "yellow": (0, 180, 180),
    "green": (0, 180, 0),
    "blue": (180, 0, 0),
    "tapped": (90, 90, 90),
}


@pytest.mark.parametrize("strip", STRIPS.values(), ids=list(STRIPS))
def test_a_golden_name_stands_out_on_the_strip_of_every_reaction(strip: tuple[int, int, int]) -> None:
    crop = letters((20, 60, (0, 209, 255)))
    crop[(crop == 20).all(2)] = strip
    gray = name_line(crop, "gray").gray
    assert int(gray.max()) - int(gray.min()) > 70


@pytest.mark.parametrize(
    ("first", "covered"), [(0, False), (31, True)], ids=["free", "a tooltip over its first letters"]
)
def test_a_name_that_something_covers_is_told(first: int, covered: bool) -> None:
    crop = letters((24, 72, GOLD))
    crop[:, :first] = (66, 60, 60)
    assert name_line(crop, "gray").covered is covered


@pytest.mark.parametrize(
    ("read", "name", "sure"),
    [
        ("Puma des monta..", "Puma des monta...", 0.9),
        ("Puma des monta…", "Puma des monta...", 0.9),
        ("Gorn McGavan", "Gorn McGavan", 0.9),
        ("Kel'Thuzad", "Kel'Thuzad", 0.9),
        ("Cthun-4", "Cthun-4", 0.9),
        ("StonetuskBoar", "StonetuskBoar", 0.45),
        ("OXOTHMK", "OXOTHMK", 0.45),
        ("PokoT", "PokoT", 0.45),
        ("Γpom", "Γpom", 0.45),
        ("奥格瑞玛", "奥格瑞玛", 0.9),
    ],
)
def test_a_name_written_as_none_is_is_not_sure_and_a_cut_one_ends_in_three_dots(
    read: str, name: str, sure: float
) -> None:
    reading = name_reading(Text(read, 0.9, True))
    assert reading.value == name
    assert reading.confidence == pytest.approx(sure)


@pytest.mark.parametrize(
    ("height", "second", "sure"),
    [(12, "Gorn", 0.9), (12, "Garn", 0.45), (60, "Garn", 0.9)],
    ids=["both agree", "another letter when enlarged otherwise", "large: not enlarged at all"],
)
def test_a_small_name_is_sure_only_where_two_ways_to_enlarge_it_read_the_same(
    height: int, second: str, sure: float
) -> None:
    looks = iter([("Gorn", 0.9), (second, 0.95)])
    assert read_twice(np.zeros((height, 90), np.uint8), lambda _: next(looks)) == ("Gorn", pytest.approx(sure))


def test_a_name_that_is_unsure_at_the_first_look_is_not_read_again() -> None:
    looks = iter([("Gorn", 0.3)])
    assert read_twice(np.zeros((12, 90), np.uint8), lambda _: next(looks)) == ("Gorn", 0.3)


@pytest.mark.parametrize("read", ["..", "...", "- ."])
def test_dots_alone_are_no_name(read: str) -> None:
    assert name_reading(Text(read, 0.9, True)).value is None
