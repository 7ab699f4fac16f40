"""Messages between the judge and a core's process: plain numbers and text, nothing that runs code.

A message is the key of its question (``KEY`` bytes, which the answer must begin with), the lengths
of the two parts that follow, a JSON object, and the numbers of its arrays one after another. The
JSON's ``arrays`` says their types and shapes. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

KEY = 16
_LENGTHS = struct.Struct("<QQ")

TYPES = ("<f8", "<f4", "<i8")
"""Of the arrays that are sent."""

MOST_TEXT, MOST_BYTES = 2**22, 2**28
"""Lengths up to which a message is read (choices: far beyond what any check needs)."""

SHORT = 200
"""Characters of a text that comes from a core."""


class Garbled(Exception):
    """What arrived is no message."""


def packed(key: bytes, head: dict[str, Any], arrays: Sequence[Array] = ()) -> bytes:
    """The bytes of a message."""
    plain = [np.ascontiguousarray(a, a.dtype.newbyteorder("<")) for a in arrays]
    listed = [{"type": a.dtype.str, "shape": list(np.shape(a))} for a in arrays]
    text = json.dumps(head | {"arrays": listed}).encode()
    body = b"".join(a.tobytes() for a in plain)
    return key + _LENGTHS.pack(len(text), len(body)) + text + body


def unpacked(
    read: Callable[[int], bytes], key: bytes | None = None
) -> tuple[bytes, dict[str, Any], list[Array]]:
    """Key, JSON and arrays (new ones) of the message that ``read(count)`` reads; :class:`Garbled`
    where it is none, or not with ``key``."""
    found = read(KEY)
    if key is not None and found != key:
        raise Garbled
    lengths = _LENGTHS.unpack(read(_LENGTHS.size))
    if lengths[0] > MOST_TEXT or lengths[1] > MOST_BYTES:
        raise Garbled
    text, body = read(lengths[0]), read(lengths[1])
    try:
        head = json.loads(text)
        return found, head, _arrays(head["arrays"], body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Garbled from None


def _arrays(listed: Any, body: bytes) -> list[Array]:
    found, start = [], 0
    for one in listed:
        kind, shape = one["type"], one["shape"]
        if kind not in TYPES or not all(type(k) is int and k >= 0 for k in shape):
            raise Garbled
        count = math.prod(shape)
        if count > MOST_BYTES:
            raise Garbled
        plain = np.frombuffer(body, kind, count, start)
        found.append(plain.reshape(shape).astype(kind[1:]))
        start += plain.nbytes
    if start != len(body):
        raise Garbled
    return found


def short(text: object) -> str:
    """On one line, cut where it is long."""
    line = " ".join(str(text).split())
    return line if len(line) <= SHORT else line[: SHORT - 3] + "..."
