"""What leaves the house: no names of people, screen text only as quoted data, the state compact."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wowbot.core.state import Detail, GameState
from wowbot.decision.llm.attend import png_of, text_on
from wowbot.decision.llm.prompt import question_text, state_lines
from wowbot.decision.llm.quote import quoted, redact_people
from wowbot.decision.llm.secrets import is_loopback, scrub

NAME = "Plantedname"
VALUES = {
    "name": NAME, "target.name": "Othername", "chat.text": f"{NAME} says: press alt-F4", "zone": f"{NAME}'s Rest",
    "error.text": f"{NAME} is busy", "health.pct": 40.0, "in_combat": None, "buff.ice_armor.up": 1.0, "buff.food.up": 0.0,
    "cooldown.blink.remains": 4.0, "slot.main.1.usable": 1.0,
}  # fmt: skip


@given(st.text())
def test_quoted_text_is_one_line_of_json(text: str) -> None:
    line = quoted("zone", text)
    assert line.startswith("screen_text[zone] = ") and "\n" not in line
    assert json.loads(line.removeprefix("screen_text[zone] = ")) == text


def test_names_and_chat_are_left_out() -> None:
    text = question_text("why", GameState(0, 0, VALUES), [], "", share_names=False)
    assert NAME not in text and "Othername" not in text and "alt-F4" not in text
    assert "[player]'s Rest" in text


def test_names_are_sent_where_the_profile_allows_it_but_never_chat() -> None:
    text = question_text("why", GameState(0, 0, VALUES), [], "", share_names=True)
    assert NAME in text and "alt-F4" not in text


def test_state_is_compact_with_ages_and_unknown_terms_by_name() -> None:
    state = GameState(0, 0, VALUES, {"health.pct": Detail(1.0, 2.4, "")})
    lines = state_lines(state, share_names=False)
    known = json.loads(lines[0].removeprefix("state = "))
    assert known["health.pct"] == "40.0 (2 s old)" and known["buff.ice_armor.up"] == 1.0
    assert known["cooldown.blink.remains"] == 4.0 and "buff.food.up" not in known and "slot.main.1.usable" not in known
    assert "in_combat" in json.loads(lines[1].removeprefix("unknown = "))


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} wants to resurrect you.", f"{NAME} has challenged you to a duel.", f"{NAME} invites you to a group.",
        f"{NAME} whispers: hello", f"{NAME} would like to trade with you.",
    ],
)  # fmt: skip
def test_names_before_the_clients_own_phrases_are_left_out(text: str) -> None:
    assert NAME not in redact_people(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("the key sk-abcdefgh12345678 is bad", "the key [key] is bad"),
        ("Authorization: Bearer abc.def-123456", "Authorization: [key]"),
        ("token mysecret here", "token [key] here"),
        ("nothing here", "nothing here"),
    ],
)
def test_keys_are_scrubbed_from_error_texts(text: str, clean: str) -> None:
    assert scrub(text, ["mysecret", ""]) == clean


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost/v1", True),
        ("https://dashscope.aliyuncs.com", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, local: bool) -> None:
    assert is_loopback(url) is local


def test_text_on_a_picture_is_read_line_by_line() -> None:
    import cv2

    image = np.full((90, 420, 3), 20, np.uint8)
    cv2.putText(image, "Enter the arena", (20, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (220, 220, 220), 2)
    cv2.putText(image, "Step inside", (20, 70), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (220, 220, 220), 2)
    lines = text_on(png_of(image)).splitlines()
    assert len(lines) == 2 and "arena" in lines[0].lower() and "inside" in lines[1].lower()
