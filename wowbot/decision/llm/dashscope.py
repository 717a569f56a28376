"""Alibaba Cloud's DashScope (Qwen models) through its own SDK, 2.x client.

Only the chat call is used, with pictures as `data:` URIs: the SDK uploads whatever other URI or path it is given
(dashscope 2.0.2, utils/oss_utils.py). Imported in the child process alone: importing it takes 0.8 s.
"""

from __future__ import annotations

import warnings
from typing import Any

from wowbot.core.errors import LLMError
from wowbot.decision.llm.secrets import api_key, is_loopback, scrub
from wowbot.decision.llm.talk import BackendFacts, ErrorClass, Question, Reply, ToolCall, failed

KEY = "DASHSCOPE_API_KEY"
MAX_TOKENS = 512


class DashscopeBackend:
    """Implements Backend.

    Raises:
        LLMError: the SDK is not installed.
    """

    def __init__(self, facts: BackendFacts) -> None:
        try:
            import dashscope
            import httpx
            from dashscope.v2 import errors
        except ImportError as error:
            raise LLMError(f"the dashscope SDK is not installed ({error}): pip install 'wowbot[llm]'") from error
        self._key = api_key(KEY)
        self._errors = errors
        self._http: Any = None
        options: dict[str, Any] = {"api_key": self._key or None, "timeout": 60.0, "max_retries": 0}
        if facts.base_url:
            options["base_url"] = facts.base_url
        if is_loopback(facts.base_url):
            self._http = options["http_client"] = httpx.Client(trust_env=False, base_url=facts.base_url)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # says that the default service is used: that is what is meant
            self._client = dashscope.Client(**options)

    def complete(self, question: Question, image: str = "") -> Reply:
        if not self._key:
            return failed("key", f"no API key: set {KEY} in the environment, or `keyring set wowbot {KEY}`")
        try:
            answer = self._client.chat.completions.create(
                model=question.model, messages=_messages(question, image), tools=[dict(tool) for tool in question.tools],
                tool_choice="auto", temperature=0, seed=1, max_tokens=MAX_TOKENS, enable_thinking=False,
                timeout=question.timeout_s,
            )  # fmt: skip
            return self._reply(answer, question.model)
        except self._errors.DashScopeError as error:
            return failed(self._class_of(error), scrub(_told(error), [self._key]))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            return failed("format", scrub(f"the answer has another form than documented: {error}", [self._key]))

    def close(self) -> None:
        """Let connections go."""
        self._client.close()
        if self._http is not None:
            self._http.close()

    def _reply(self, answer: Any, model: str) -> Reply:
        message = answer.choices[0].message
        calls = tuple(
            ToolCall(str(call.function.name), str(call.function.arguments)) for call in message.tool_calls or ()
        )
        usage = answer.usage
        tokens_in, tokens_out = getattr(usage, "input_tokens", 0) or 0, getattr(usage, "output_tokens", 0) or 0
        return Reply(_text(message.content), calls, int(tokens_in), int(tokens_out), model=model)

    def _class_of(self, error: Any) -> ErrorClass:
        e, status, code = self._errors, error.status_code, str(error.code or "")
        if isinstance(error, e.APITimeoutError):
            return "timeout"
        if "Arrearage" in code or "AllocationQuota" in code or "FreeTier" in code:
            return "quota"
        if isinstance(error, e.ContentFilterError) or "DataInspection" in code:
            return "content"
        if isinstance(error, e.RateLimitError):
            return "rate"
        if isinstance(error, e.AuthenticationError | e.PermissionDeniedError):
            return "key"
        if status is None:
            return "network" if isinstance(error, e.APIConnectionError) else "format"
        return "server" if status >= 500 else "bad_request" if status >= 400 else "format"


def _messages(question: Question, image: str) -> list[Any]:
    messages: list[Any] = [dict(message) for message in question.messages]
    if image:
        text = {"type": "text", "text": messages[-1]["content"]}
        messages[-1]["content"] = [{"type": "image_url", "image_url": {"url": image}}, text]
    return messages


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "") if isinstance(part, dict) else part) for part in content)
    return str(content or "")


def _told(error: Any) -> str:
    status = "" if error.status_code is None else f"HTTP {error.status_code} "
    return f"{type(error).__name__}: {status}{error.code or ''} {error}"
