"""Every server that speaks the OpenAI chat format: Ollama, vLLM, llama.cpp, LM Studio, and the hosted ones."""

from __future__ import annotations

from typing import Any

from wowbot.core.errors import LLMError
from wowbot.decision.llm.secrets import api_key, is_loopback, scrub
from wowbot.decision.llm.talk import BackendFacts, ErrorClass, Question, Reply, ToolCall, failed

KEY = "OPENAI_API_KEY"
OLLAMA = "http://127.0.0.1:11434/v1"
"""Where Ollama listens: the default, since a local model needs no key."""
MAX_TOKENS = 512
_BY_STATUS: dict[int, ErrorClass] = {401: "key", 402: "quota", 403: "key", 408: "timeout", 429: "rate", 504: "server"}


class OpenaiBackend:
    """Implements Backend.

    Raises:
        LLMError: httpx is not installed.
    """

    def __init__(self, facts: BackendFacts) -> None:
        try:
            import httpx
        except ImportError as error:
            raise LLMError("httpx is not installed: pip install 'wowbot[llm]'") from error
        self._base = (facts.base_url or OLLAMA).rstrip("/")
        self._key = api_key(KEY)
        self._http = httpx
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        self._client = httpx.Client(trust_env=not is_loopback(self._base), headers=headers)

    def complete(self, question: Question, image: str = "") -> Reply:
        body = {
            "model": question.model, "messages": _messages(question, image), "tools": list(question.tools),
            "tool_choice": "auto", "temperature": 0, "seed": 1, "max_tokens": MAX_TOKENS,
        }  # fmt: skip
        try:
            answer = self._client.post(f"{self._base}/chat/completions", json=body, timeout=question.timeout_s)
        except self._http.TimeoutException:
            return failed("timeout", f"no answer within {question.timeout_s:g} s")
        except (self._http.HTTPError, self._http.InvalidURL) as error:
            return failed("network", scrub(f"{type(error).__name__}: {error}", [self._key]))
        if answer.status_code != 200:
            told = f"HTTP {answer.status_code}: {answer.text[:200]}"
            return failed(_class_of(answer.status_code, answer.text), scrub(told, [self._key]))
        try:
            return _reply(answer.json(), question.model)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            return failed("format", scrub(f"the answer has another form than expected: {error!r}", [self._key]))

    def close(self) -> None:
        """Let connections go."""
        self._client.close()


def _class_of(status: int, text: str) -> ErrorClass:
    if "insufficient_quota" in text:
        return "quota"
    if "content_filter" in text or "content_policy" in text:
        return "content"
    return _BY_STATUS.get(status, "server" if status >= 500 else "bad_request")


def _messages(question: Question, image: str) -> list[dict[str, Any]]:
    messages = [dict(message) for message in question.messages]
    if image:
        text = {"type": "text", "text": messages[-1]["content"]}
        messages[-1]["content"] = [text, {"type": "image_url", "image_url": {"url": image}}]
    return messages


def _reply(body: Any, model: str) -> Reply:
    message = body["choices"][0]["message"]
    calls = tuple(ToolCall(str(c["function"]["name"]), _arguments(c)) for c in message.get("tool_calls") or ())
    usage = body.get("usage") or {}
    return Reply(
        str(message.get("content") or ""), calls, int(usage.get("prompt_tokens", 0)),
        int(usage.get("completion_tokens", 0)), model=model,
    )  # fmt: skip


def _arguments(call: Any) -> str:
    """JSON text; some local servers hand over the object itself."""
    import json

    given = call["function"]["arguments"]
    return given if isinstance(given, str) else json.dumps(given)
