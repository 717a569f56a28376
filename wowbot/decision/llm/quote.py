"""Text from the screen, made safe to send: quoted as data, without the names of people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

PERSON = "[player]"
_PEOPLE = re.compile(
    r"\b[A-Z][\w'’-]{1,24}(?=\s*(?:wants to (?:resurrect|trade)|has (?:challenged|invited|requested)|invites you"
    r"|whispers|says|yells|would like to))"
)
"""A name before what the client's own boxes say of people. Source: GlobalStrings RESURRECT_REQUEST, TRADE_REQUEST_TEXT,
DUEL_REQUESTED, INVITATION, GUILD_INVITATION."""


def quoted(what: str, text: str) -> str:
    """One line that shows `text` as data: JSON-quoted, so that nothing in it can end the quotation."""
    return f"screen_text[{what}] = {json.dumps(text, ensure_ascii=False)}"


def redact_people(text: str, names: Iterable[str] = ()) -> str:
    """`text` without the names of people: those given, and those before what the client says of people."""
    for name in names:
        if len(name) >= 2:
            text = re.sub(re.escape(name), PERSON, text, flags=re.IGNORECASE)
    return _PEOPLE.sub(PERSON, text)
