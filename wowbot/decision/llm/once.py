"""One question asked outside the loop: `wowbot llm test`, and planning before a run or while it goes on."""

from __future__ import annotations

import time

from wowbot.core.event import Mailbox
from wowbot.decision.llm.asker import ChildAsker
from wowbot.decision.llm.talk import BackendFacts, Question, Reply, failed, reply_from

START_S = 15.0
"""The process and its SDK may take so long to start."""
POLL_S = 0.01


def ask_once(facts: BackendFacts, question: Question) -> Reply:
    """Ask through a child process of its own and wait for the reply; never call this from the loop."""
    mailbox = Mailbox()
    asker = ChildAsker(mailbox, facts)
    asker.start()
    try:
        asker.ask(question, 0, 0, None)
        deadline = time.monotonic() + START_S + question.timeout_s
        while time.monotonic() < deadline:
            for event in mailbox.take(0):
                return reply_from(event.payload)
            time.sleep(POLL_S)
        return failed("timeout", f"the back-end's process gave no answer within {START_S + question.timeout_s:g} s")
    finally:
        asker.close()
