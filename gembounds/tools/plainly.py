"""Results as JSON and back, exactly: what comes back is made of the types that the function which
returned it says it returns, so that what is read can name none."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

PLAIN = (NoneType, bool, int, float, str)


def to_plain(value: Any) -> Any:
    """``value`` as JSON: numbers, texts, lists, tuples and mappings, arrays, what has a
    ``to_json`` and a ``from_json``, and dataclasses and named tuples of these. Fields that do not
    count where two are compared, such as times, are left out: they have defaults. Raises
    ``TypeError`` for others."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (list, tuple)):
        return [to_plain(x) for x in value]
    if isinstance(value, Mapping):
        if all(isinstance(k, str) for k in value):
            return {k: to_plain(x) for k, x in value.items()}
        return [[to_plain(k), to_plain(x)] for k, x in value.items()]
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        data = zlib.compress(np.ascontiguousarray(value).tobytes(), 1)
        return [value.dtype.str, list(value.shape), base64.b64encode(data).decode()]
    if hasattr(value, "from_json"):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value) if f.compare}
    raise TypeError(f"{type(value).__qualname__} has no form in JSON")


def from_plain(kind: Any, data: Any) -> Any:
    """The value of type ``kind`` that :func:`to_plain` wrote; ``Any`` is JSON as it is. Raises
    ``TypeError`` for types that it does not write."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any or kind in PLAIN:
        return data
    if origin in (Union, UnionType):
        others = [k for k in inner if k is not NoneType]
        if len(others) == 1:
            return None if data is None else from_plain(others[0], data)
    if origin is list:
        return [from_plain(inner[0], x) for x in data]
    if origin is tuple:
        each = [inner[0]] * len(data) if inner[1:] == (...,) else inner
        return tuple(from_plain(k, x) for k, x in zip(each, data, strict=True))
    if origin in (dict, Counter):
        key, item = inner if origin is dict else (inner[0], int)
        pairs = data.items() if isinstance(data, dict) else data
        return origin({from_plain(key, k): from_plain(item, x) for k, x in pairs})
    if (origin or kind) is np.ndarray:
        dtype, shape, text = data
        found = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype)
        return found.reshape(shape).copy()
    if kind is Fraction:
        return Fraction(data)
    if hasattr(kind, "from_json"):
        return kind.from_json(data)
    if hasattr(kind, "_fields"):
        return kind(*(from_plain(_hints(kind)[f], x) for f, x in zip(kind._fields, data,
                                                                     strict=True)))  # fmt: skip
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{f.name: from_plain(_hints(kind)[f.name], data[f.name])
                       for f in fields(kind) if f.compare})  # fmt: skip
    raise TypeError(f"{kind} has no form in JSON")


def returned(function: Callable[..., Any]) -> Any:
    """The type that ``function`` says it returns."""
    return _hints(function)["return"]


@cache
def _hints(of: Any) -> dict[str, Any]:
    return get_type_hints(of)
