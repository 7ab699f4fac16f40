"""One thread at a time where a library's precision is global to the process.

flint and mpmath keep theirs so: a thread that changes it inside another one's computation would
leave that with error bounds for bits that it does not have. Threads wait for each other, and what
they compute is what each computes alone; who wants both cores takes processes.
"""

from __future__ import annotations

import os
import threading

ALONE = threading.RLock()
"""Held wherever a global precision is set, until it is set back."""

os.register_at_fork(after_in_child=ALONE._at_fork_reinit)  # type: ignore[attr-defined]
