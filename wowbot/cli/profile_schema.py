"""The JSON schema of a profile's TOML, made from the dataclasses that read it."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from wowbot.core.bindings import Aura, Spell
from wowbot.decision.profile import AuraFacts, ProfileFile, SpellFacts

SCALARS: Mapping[type, str] = {str: "string", float: "number", int: "integer", bool: "boolean"}
_DESCRIBED_BY: Mapping[type, type] = {SpellFacts: Spell, AuraFacts: Aura}
"""Whose docstring tells the meaning of a class's fields."""

SCHEMA_FILE = "profile.schema.json"
"""Its name beside the profiles; shipped in configs/ and kept true by a test."""


def schema_text() -> str:
    """The schema as the text of a file."""
    return json.dumps(profile_schema(), indent=2) + "\n"


def profile_schema() -> dict[str, Any]:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "wowbot profile",
        **_object(ProfileFile),
    }


def _object(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    meanings = _meanings(_DESCRIBED_BY.get(cls, cls))
    fields = dataclasses.fields(cls)
    properties = {f.name: _type(hints[f.name]) | _default(f) | meanings.get(f.name, {}) for f in fields}
    needed = [f.name for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    description = (inspect.getdoc(cls) or "").split("\n\n")[0]
    schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return schema | ({"required": needed} if needed else {}) | ({"description": description} if description else {})


def _type(hint: Any) -> dict[str, Any]:
    origin, args = get_origin(hint), get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _object(hint)  # type: ignore[arg-type]
    if origin is Literal:
        return {"enum": list(args)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_type(arg) for arg in args if arg is not type(None)]}
    if origin is tuple:
        return {"type": "array", "items": _type(args[0])}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(args[1])}
    return {"type": SCALARS[hint]}


def _default(field: dataclasses.Field[Any]) -> dict[str, Any]:
    if field.default is dataclasses.MISSING or field.default in ("", ()):
        return {}
    return {"default": field.default}


def _meanings(cls: type) -> dict[str, dict[str, str]]:
    """Field -> {"description": ...}, out of the `Args:` part of a docstring."""
    doc = inspect.getdoc(cls) or ""
    found: dict[str, dict[str, str]] = {}
    names: list[str] = []
    for line in doc.partition("Args:\n")[2].splitlines():
        text = line.strip()
        if line.startswith("    ") and not line.startswith("     ") and ": " in text:
            heads, _, text = text.partition(": ")
            names = [name.strip() for name in heads.split(",")]
            found |= {name: {"description": text} for name in names}
        elif text:
            for name in names:
                found[name]["description"] += f" {text}"
    return found
