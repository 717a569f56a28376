"""One question from picture to reply, within its deadline: the same in the child process and in lockstep."""

from __future__ import annotations

import base64
import os
import threading
import time
from dataclasses import replace
from typing import Any

from wowbot.core.errors import WowbotError
from wowbot.decision.llm.quote import quoted, redact_people
from wowbot.decision.llm.secrets import KEY_NAMES, scrub
from wowbot.decision.llm.talk import Backend, Question, Reply, ToolCall, failed


def attend(backend: Backend | WowbotError, question: Question, png: str = "", share_names: bool = False) -> Reply:
    """Ask, and give up at the deadline: a server that drips a byte now and then never breaks a read timeout.

    Args:
        backend: or why there is none.
        png: base64 of the picture that goes with the question, "" without.
        share_names: names of people in a text that is read off the picture may be sent.
    """
    t0 = time.monotonic()
    box: list[Reply] = []
    thread = threading.Thread(target=lambda: box.append(_safely(backend, question, png, share_names)), daemon=True)
    thread.start()
    thread.join(question.timeout_s)
    reply = box[0] if box else failed("timeout", f"no answer within {question.timeout_s:g} s")
    return without_keys(replace(reply, ms=round((time.monotonic() - t0) * 1000.0, 1)).cut())


def without_keys(reply: Reply) -> Reply:
    """A server may repeat a key it was given, a model anything: no key goes into events and so into recordings."""
    secrets = [os.environ.get(name, "") for name in KEY_NAMES]
    calls = tuple(ToolCall(scrub(call.name, secrets), scrub(call.arguments, secrets)) for call in reply.calls)
    return replace(reply, text=scrub(reply.text, secrets), calls=calls, error=scrub(reply.error, secrets))


def _safely(backend: Backend | WowbotError, question: Question, png: str, share_names: bool) -> Reply:
    try:
        return _complete(backend, question, png, share_names)
    except Exception as error:  # whatever an SDK raises is data for the loop; its text may hold a key
        return failed("other", f"the back-end failed with {type(error).__name__}")


def _complete(backend: Backend | WowbotError, question: Question, png: str, share_names: bool) -> Reply:
    if isinstance(backend, WowbotError):
        return failed("missing", str(backend))
    if question.see == "vision" and png:
        return backend.complete(question, f"data:image/png;base64,{png}")
    if question.see != "text" or not png:
        return backend.complete(question)
    read = text_on(png)
    read = read if share_names else redact_people(read)
    last = dict(question.messages[-1])
    last["content"] = f"{last['content']}\n{quoted('dialog', read)}"
    return replace(backend.complete(replace(question, messages=(*question.messages[:-1], last))), read=read)


def text_on(png: str) -> str:
    """The lines of text on a picture.

    Args:
        png: base64 of a PNG.
    """
    import cv2
    import numpy as np

    from wowbot.decision.llm.lines import text_lines

    image: Any = cv2.imdecode(np.frombuffer(base64.b64decode(png), np.uint8), cv2.IMREAD_COLOR)
    return "" if image is None else "\n".join(text_lines(image))


def png_of(image: Any) -> str:
    """Base64 of a PNG of a BGR image."""
    import cv2

    done, data = cv2.imencode(".png", image)
    return base64.b64encode(data.tobytes()).decode("ascii") if done else ""
