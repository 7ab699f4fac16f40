"""Seeds for parts of a run: each from what it depends on, the same on every machine."""

from __future__ import annotations

import hashlib


def seed_of(*parts: object) -> int:
    """A 64-bit seed from the texts of ``parts``, in order."""
    text = "/".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
