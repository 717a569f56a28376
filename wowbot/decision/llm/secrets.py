"""API keys: from the environment or the OS keyring, and kept out of every text that leaves the back-end."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

SERVICE = "wowbot"
"""Under this name the OS keyring holds a key: `keyring set wowbot DASHSCOPE_API_KEY`."""
KEY_NAMES = ("DASHSCOPE_API_KEY", "OPENAI_API_KEY")
_LOOKS_LIKE_KEY = re.compile(r"\b(?:sk-|Bearer\s+)[A-Za-z0-9_\-.]{6,}")


def api_key(name: str) -> str:
    """The key called `name`, "" when there is none.

    Args:
        name: DASHSCOPE_API_KEY or OPENAI_API_KEY.
    """
    found = os.environ.get(name, "")
    if found:
        return found
    with suppress(Exception):  # no keyring installed, none unlocked, or none on this machine: the same as no key
        import keyring

        return keyring.get_password(SERVICE, name) or ""
    return ""


def scrub(text: str, secrets: Iterable[str]) -> str:
    """`text` without these secrets and without anything that looks like a key."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[key]")
    return _LOOKS_LIKE_KEY.sub("[key]", text)


def is_loopback(url: str) -> bool:
    """Whether a server on this very machine is meant: proxies are not asked for it."""
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "::1", "localhost")
