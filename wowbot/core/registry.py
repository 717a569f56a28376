"""Back-ends by name, imported only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from wowbot.core.errors import ConfigError, nearest


class Registry:
    """name -> "module:Class".

    Args:
        kind: what is registered, for messages ("sink", "reader").
        entries: the table; a new back-end is one line here.
    """

    def __init__(self, kind: str, entries: Mapping[str, str]) -> None:
        self.kind = kind
        self.entries = dict(entries)

    def load(self, name: str) -> Any:
        """Import and return the class registered as `name`.

        Raises:
            ConfigError: no such name; the message lists the known ones.
        """
        if name not in self.entries:
            known = ", ".join(sorted(self.entries))
            raise ConfigError(f"no {self.kind} {name!r}; known: {known}.{nearest(name, self.entries)}")
        module, _, attribute = self.entries[name].partition(":")
        return getattr(import_module(module), attribute)
