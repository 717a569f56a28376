"""How much a model may be asked, what it has cost, and when asking is given up for a while."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from wowbot.decision.llm.talk import ErrorClass, Reply
from wowbot.decision.profile import ModelFacts

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
REST_S: Mapping[ErrorClass, tuple[int, float, float]] = {
    "key": (1, 3600.0, 3600.0), "quota": (1, 3600.0, 3600.0), "missing": (1, 3600.0, 3600.0),
    "rate": (1, 20.0, 300.0), "content": (1, 0.0, 0.0), "bad_request": (2, 60.0, 600.0),
    "server": (3, 10.0, 120.0), "network": (3, 10.0, 120.0), "timeout": (3, 10.0, 120.0), "format": (3, 30.0, 300.0),
    "other": (3, 30.0, 300.0),
}  # fmt: skip
"""Error class -> (failures in a row until the breaker opens, first rest in s, longest rest in s).

A key or quota needs a person; a rate limit recovers within a minute (Alibaba Cloud's documentation); after a server's
error every rest is twice the one before. A content filter concerns one topic alone.
"""
CONTENT_MUTE_S = 120.0


class Bounds:
    """Budget, running cost and circuit breaker; time is the frame's.

    Args:
        facts: the profile's [llm].
    """

    def __init__(self, facts: ModelFacts) -> None:
        self._facts = facts
        self.requests = 0
        self.tokens_in = 0
        self.tokens_out = 0
        self._recent: deque[int] = deque()
        self._recent_tokens: deque[tuple[int, int]] = deque()
        self._failures = 0
        self._rests = 0
        self._closed_ns = 0
        self._why = ""
        self._muted: dict[str, int] = {}

    @property
    def cost(self) -> float | None:
        """Money so far in the profile's currency; None where it states no prices."""
        facts = self._facts
        if facts.price_in <= 0 and facts.price_out <= 0:
            return None
        return (self.tokens_in * facts.price_in + self.tokens_out * facts.price_out) / 1e6

    def line(self) -> str:
        """For the status line."""
        tokens = self.tokens_in + self.tokens_out
        money = "" if self.cost is None else f" {self.cost:.4f} {self._facts.currency}"
        resting = f" ({self._why})" if self._why else ""
        return f"llm {self.requests} calls {tokens} tokens{money}{resting}"

    def refuse(self, topic: str, t_ns: int) -> str:
        """Why nothing may be asked now; "" when it may."""
        facts = self._facts
        if t_ns < self._closed_ns:
            return self._why
        self._why = ""
        if t_ns < self._muted.get(topic, 0):
            return f"the content filter refused topic {topic}"
        while self._recent and t_ns - self._recent[0] >= MINUTE_NS:
            self._recent.popleft()
        while self._recent_tokens and t_ns - self._recent_tokens[0][0] >= MINUTE_NS:
            self._recent_tokens.popleft()
        if len(self._recent) >= facts.requests_per_minute:
            return f"{facts.requests_per_minute} requests went out in the last minute"
        if self.requests >= facts.requests_per_session:
            return f"the session's {facts.requests_per_session} requests are used up"
        if sum(n for _, n in self._recent_tokens) >= facts.tokens_per_minute:
            return f"{facts.tokens_per_minute} tokens were used in the last minute"
        if self.tokens_in + self.tokens_out >= facts.tokens_per_session:
            return f"the session's {facts.tokens_per_session} tokens are used up"
        if facts.max_cost > 0 and (self.cost or 0.0) >= facts.max_cost:
            return f"{facts.max_cost:g} {facts.currency} are spent"
        return ""

    def asked(self, t_ns: int) -> None:
        """A question went out."""
        self.requests += 1
        self._recent.append(t_ns)

    def answered(self, topic: str, reply: Reply, t_ns: int) -> None:
        """A reply came in, or was given up."""
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        if reply.tokens_in + reply.tokens_out:
            self._recent_tokens.append((t_ns, reply.tokens_in + reply.tokens_out))
        if not reply.error_class:
            self._failures = self._rests = 0
            return
        if reply.error_class == "content":
            self._muted[topic] = t_ns + int(CONTENT_MUTE_S * SECOND_NS)
            return
        self._failures += 1
        limit, first_s, most_s = REST_S[reply.error_class]
        if self._failures >= limit or self._rests:  # after a rest one failed try is enough
            rest_s = min(most_s, first_s * 2.0**self._rests)
            self._rests, self._failures = self._rests + 1, 0
            self._closed_ns = t_ns + int(rest_s * SECOND_NS)
            self._why = f"resting {rest_s:.0f} s after: {reply.error_class}"

    def snapshot(self) -> dict[str, Any]:
        return {
            "requests": self.requests, "tokens": [self.tokens_in, self.tokens_out], "recent": list(self._recent),
            "recent_tokens": [list(item) for item in self._recent_tokens], "failures": self._failures,
            "rests": self._rests, "closed_ns": self._closed_ns, "why": self._why, "muted": dict(self._muted),
        }  # fmt: skip

    def restore(self, data: Mapping[str, Any]) -> None:
        self.requests, (self.tokens_in, self.tokens_out) = data["requests"], data["tokens"]
        self._recent = deque(data["recent"])
        self._recent_tokens = deque((t, n) for t, n in data["recent_tokens"])
        self._failures, self._rests = data["failures"], data["rests"]
        self._closed_ns, self._why, self._muted = data["closed_ns"], data["why"], dict(data["muted"])
