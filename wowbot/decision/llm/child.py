"""The process in which a back-end lives: questions in on stdin, replies out on stdout, one JSON object a line.

Its own process, because importing and calling an SDK holds the interpreter and would stall a tick.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import TextIO

from wowbot.core.errors import WowbotError
from wowbot.decision.llm.attend import attend
from wowbot.decision.llm.backends import make_backend
from wowbot.decision.llm.talk import Backend, BackendFacts, question_from


class Desk:
    """Takes questions and writes replies; each is worked on in a thread of its own."""

    def __init__(self, backend: Backend | WowbotError, out: TextIO) -> None:
        self._backend, self._out = backend, out
        self._lock = threading.Lock()

    def take(self, line: str) -> threading.Thread:
        """One line of stdin."""
        thread = threading.Thread(target=self._work, args=(json.loads(line),), daemon=True)
        thread.start()
        return thread

    def _work(self, data: dict[str, object]) -> None:
        question = question_from(data["question"])  # type: ignore[arg-type]
        reply = attend(self._backend, question, str(data.get("png", "")), bool(data.get("share_names")))
        line = json.dumps({"call": question.call, "topic": question.topic, **reply.as_json()})
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()


def main() -> int:
    """`python -m wowbot.decision.llm.child NAME BASE_URL SCRIPT`."""
    name, base_url, script = sys.argv[1:4]
    out = sys.stdout
    sys.stdout = sys.stderr  # what an SDK prints must not end up among the replies
    backend: Backend | WowbotError
    try:
        backend = make_backend(BackendFacts(name, base_url, script))
    except WowbotError as error:
        backend = error
    desk = Desk(backend, out)
    for line in sys.stdin:
        if line.strip():
            desk.take(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
