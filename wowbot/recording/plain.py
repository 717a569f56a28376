"""Any of the core types to plain values and back, by their own type hints.

A dataclass becomes a table of the fields that differ from their defaults, a NamedTuple or tuple a list. So a field added
to a core type later is recorded without a change here, and an older file reads with the default in its place.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from wowbot.core.errors import RecordingError

T = TypeVar("T")
Reader = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Plain lists, tables and scalars; the fields of a dataclass that hold their default are left out."""
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        table = {}
        for name, default in _defaults(value.__class__):
            item = getattr(value, name)
            if not (type(item) is type(default) and item == default):
                table[name] = to_plain(item)
        return table
    return value


@lru_cache(maxsize=256)
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...]:
    rows = []
    for f in dataclasses.fields(cls):
        default = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
        rows.append((f.name, default))
    return tuple(rows)


def from_plain(cls: type[T], data: Any) -> T:
    """The value of type `cls` that `to_plain` made `data` of.

    Raises:
        RecordingError: the data does not fit the type.
    """
    try:
        return cast(T, reader(cast(Any, cls))(data))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise RecordingError(f"broken {cls.__name__} in the recording: {error}") from error


@lru_cache(maxsize=256)
def reader(hint: Any) -> Reader:
    """A function from plain data to the hinted type, made once for each hint."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return _as_is
    if origin in (Union, types.UnionType):
        return _union(args)
    if origin is Literal:
        return _literal(args)
    if origin is tuple:
        return _tuple(args)
    if origin is list:
        item = reader(args[0])
        return lambda data: [item(x) for x in _expect(list, data)]
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(reader(args[1]))
    if dataclasses.is_dataclass(hint):
        return _record(hint)
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        return _named(hint)
    return _scalar(hint)


def _as_is(data: Any) -> Any:
    return data


def _union(args: tuple[Any, ...]) -> Reader:
    """Optional of anything, or a choice of scalars (which JSON keeps apart by itself)."""
    inner = [a for a in args if a is not type(None)]
    if len(inner) > 1:
        allowed = (*inner, int) if float in inner else tuple(inner)

        def scalars(data: Any) -> Any:
            if data is not None and not isinstance(data, allowed):
                raise TypeError(f"found {data!r}, expected {' or '.join(a.__name__ for a in inner)}")
            return data

        return scalars
    read = reader(inner[0])
    return lambda data: None if data is None else read(data)


def _literal(choices: tuple[Any, ...]) -> Reader:
    def literal(data: Any) -> Any:
        if data not in choices:
            raise ValueError(f"found {data!r}, expected one of {', '.join(map(repr, choices))}")
        return data

    return literal


def _tuple(args: tuple[Any, ...]) -> Reader:
    if len(args) == 2 and args[1] is Ellipsis:
        item = reader(args[0])
        return lambda data: tuple([item(x) for x in _expect(list, data)])
    items = [reader(a) for a in args]
    return lambda data: tuple([read(x) for read, x in zip(items, _expect(list, data), strict=True)])


def _mapping(item: Reader) -> Reader:
    if item is _as_is:
        return lambda data: _expect(dict, data)
    return lambda data: {key: item(value) for key, value in _expect(dict, data).items()}


def _record(cls: Any) -> Reader:
    hints = get_type_hints(cls)
    readers = {f.name: reader(hints[f.name]) for f in dataclasses.fields(cls) if f.init}

    def record(data: Any) -> Any:
        known = {k: readers[k](v) for k, v in _expect(dict, data).items() if k in readers}
        return cls(**known)

    return record


def _named(cls: Any) -> Reader:
    hints = get_type_hints(cls)
    readers = [reader(hints[name]) for name in cls._fields]

    def named(data: Any) -> Any:
        return cls(*[read(x) for read, x in zip(readers, _expect(list, data), strict=False)])

    return named


def _scalar(hint: Any) -> Reader:
    allowed = (int, float) if hint is float else (hint,)

    def scalar(data: Any) -> Any:
        if not isinstance(data, allowed):
            raise TypeError(f"found {data!r}, expected {getattr(hint, '__name__', hint)}")
        return data

    return scalar


def _expect(kind: type[T], data: Any) -> T:
    if not isinstance(data, kind):
        raise TypeError(f"found {type(data).__name__}, expected {kind.__name__}")
    return data
