"""A question to a model and its reply, as plain JSON-able values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

from wowbot.config import bind

See = Literal["none", "text", "vision"]
ErrorClass = Literal[
    "", "key", "quota", "rate", "content", "bad_request", "server", "network", "timeout", "format", "missing", "other"
]
MAX_TEXT = 2_000
"""Characters of a reply's text, and of one call's arguments, that are kept: more is never needed and may be a flood."""
MAX_CALLS = 4


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One function call as the model wrote it.

    Args:
        name: of the tool.
        arguments: JSON text, unchecked.
    """

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to a back-end.

    Args:
        call: number of the call in this session, from 1.
        topic: what it is about; at most one call of a topic is under way.
        messages: chat messages with text contents, oldest first.
        tools: JSON schemas of the functions that may be called.
        model: name of the model.
        timeout_s: wall seconds for the whole answer.
        see: what is done with the picture that goes with it: nothing, its text is read, or it is shown.
    """

    call: int
    topic: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...]
    model: str
    timeout_s: float
    see: See = "none"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Args:
        text: free text beside the calls, cut to MAX_TEXT.
        calls: at most MAX_CALLS.
        tokens_in, tokens_out: as the server counts them; 0 where it does not.
        ms: wall milliseconds from asking to the whole answer.
        error, error_class: "" when it went well; never holds a key.
        model: that answered.
        read: text that was read off the picture and sent along as data.
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    ms: float = 0.0
    error: str = ""
    error_class: ErrorClass = ""
    model: str = ""
    read: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def cut(self) -> Reply:
        """The same with its length bounded."""
        calls = tuple(ToolCall(c.name[:80], c.arguments[:MAX_TEXT]) for c in self.calls[:MAX_CALLS])
        return replace(self, text=self.text[:MAX_TEXT], calls=calls, error=self.error[:400], read=self.read[:MAX_TEXT])


def question_from(data: Mapping[str, Any]) -> Question:
    """The inverse of `Question.as_json`."""
    return bind(Question, _lists(data), "question")


def reply_from(data: Mapping[str, Any]) -> Reply:
    """The inverse of `Reply.as_json`; other keys are passed over."""
    known = {name: value for name, value in data.items() if name in Reply.__slots__}
    return bind(Reply, _lists(known), "reply")


def failed(error_class: ErrorClass, error: str) -> Reply:
    """A reply that says what went wrong."""
    return Reply(error=error, error_class=error_class)


def _lists(data: Mapping[str, Any]) -> dict[str, Any]:
    """Tuples as the lists that JSON makes of them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}


class Backend(Protocol):
    """Asks a model; may take its time, because it never runs in the loop.

    Args of `complete`:
        question: messages and tools.
        image: `data:` URI of a PNG where the question is to be seen, else "".
    A failure is a Reply with its error class; nothing is raised for what a server may do.
    """

    def complete(self, question: Question, image: str = "") -> Reply: ...
    def close(self) -> None:
        """Let connections go."""


@dataclass(frozen=True, slots=True)
class BackendFacts:
    """What a back-end is made of. No key stands here: each back-end takes its own from environment or keyring.

    Args:
        name: in BACKENDS.
        base_url: "" = the service's own.
        script: file of answers, for the scripted one.
    """

    name: str
    base_url: str = ""
    script: str = ""
