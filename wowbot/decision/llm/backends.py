"""The back-ends by name. A new one is one file and one line here."""

from __future__ import annotations

from wowbot.core.registry import Registry
from wowbot.decision.llm.talk import Backend, BackendFacts

BACKENDS = Registry(
    "model back-end",
    {
        "scripted": "wowbot.decision.llm.scripted:ScriptedBackend",
        "dashscope": "wowbot.decision.llm.dashscope:DashscopeBackend",
        "openai-compatible": "wowbot.decision.llm.openai:OpenaiBackend",
    },
)


def make_backend(facts: BackendFacts) -> Backend:
    """Import and make it; only the child process does this for those that talk to a server.

    Raises:
        ConfigError: no such back-end, or its script is broken.
        LLMError: its library is not installed.
    """
    backend: Backend = BACKENDS.load(facts.name)(facts)
    return backend
