"""A back-end whose answers stand in a file: for tests, for trying a profile, and where no model is wanted."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wowbot.config import bind, read_toml
from wowbot.core.errors import ConfigError
from wowbot.decision.llm.talk import BackendFacts, ErrorClass, Question, Reply, ToolCall


@dataclass(frozen=True, slots=True)
class ScriptedCall:
    """One function call of a scripted answer."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """`[[answer]]`: the first whose `topic` and `has` fit answers.

    Args:
        topic: the question's topic, "" = any.
        has: a piece of text in the question's last message, "" = any.
        text, calls: the answer.
        times: how often it is given; 0 = always.
        wait_s: wall seconds before it comes.
        error_class: fail like this instead.
    """

    topic: str = ""
    has: str = ""
    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    times: int = 0
    wait_s: float = 0.0
    error_class: ErrorClass = ""


@dataclass(frozen=True, slots=True)
class Script:
    """The file."""

    answer: tuple[ScriptedAnswer, ...] = ()


def load_script(path: str) -> Script:
    """Read a script.

    Raises:
        ConfigError: unreadable or broken.
    """
    if not path:
        raise ConfigError("[llm]: backend = 'scripted' needs script = 'FILE' beside the profile")
    return bind(Script, read_toml(Path(path)), path)


class ScriptedBackend:
    """Implements Backend."""

    def __init__(self, facts: BackendFacts) -> None:
        self._answers = load_script(facts.script).answer
        self._given = [0] * len(self._answers)

    def complete(self, question: Question, image: str = "") -> Reply:
        said = str(question.messages[-1]["content"])
        for n, answer in enumerate(self._answers):
            fits = answer.topic in ("", question.topic) and answer.has in said
            if fits and (not answer.times or self._given[n] < answer.times):
                self._given[n] += 1
                return self._reply(answer, said)
        return Reply(error=f"the script has no answer for topic {question.topic!r}", error_class="missing")

    def close(self) -> None:
        """Nothing is open."""

    def _reply(self, answer: ScriptedAnswer, said: str) -> Reply:
        if answer.wait_s:
            time.sleep(answer.wait_s)
        if answer.error_class:
            return Reply(error=f"scripted {answer.error_class} error", error_class=answer.error_class)
        calls = tuple(ToolCall(call.name, json.dumps(dict(call.arguments))) for call in answer.calls)
        words = sum(len(c.arguments) for c in calls) + len(answer.text)
        return Reply(answer.text, calls, tokens_in=len(said) // 4, tokens_out=words // 4, model="scripted")
