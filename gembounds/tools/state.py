"""Files that keep the state of a run, with a digest: an altered one is refused, never resumed.

The file is ``{"digest": "...", "content": ...}``; the digest is SHA-256 of the content as it is
written and of whose it is, so that no file passes for another's.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from gembounds.tools.errors import InputError
from gembounds.tools.files import read_file, write_file

_FORM = re.compile(
    r'\{"digest": "([0-9a-f]{64})", "owner": "([^"\\]*)", "content": (.*)\}\n', re.S
)


def write_state(path: Path, owner: str, content: Any) -> None:
    """``content``, JSON, as the state of the run or part that ``owner`` names.

    Raises :class:`InputError` where the file cannot be written.
    """
    write_file(path, state_of(owner, content))


def read_state(path: Path, owner: str, what: str) -> Any:
    """The content of the file, None where there is none.

    Raises :class:`InputError` for a file that is not as :func:`write_state` left it, and for
    another owner's; ``what`` says what it should be ("checkpoint").
    """
    advice = "remove it or name another"
    try:
        text = read_file(path).decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a {what} ({error}); {advice}") from None
    try:
        return content_of(text, owner, what)
    except InputError as error:
        raise InputError(f"{path}: {error}; {advice}") from None


def state_of(owner: str, content: Any) -> str:
    """The text of such a file, a line."""
    text = json.dumps(content)
    return f'{{"digest": "{_digest(owner, text)}", "owner": "{owner}", "content": {text}}}\n'


def content_of(text: str, owner: str, what: str) -> Any:
    """The content of what :func:`state_of` made; raises :class:`InputError` as
    :func:`read_state` does."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise InputError(f"is no {what}")
    digest, whose, content = found.groups()
    if digest != _digest(whose, content):
        raise InputError(f"is an altered {what}, its digest does not fit")
    if whose != owner:
        raise InputError(f"is the {what} of another run (mixture or options differ)")
    return json.loads(content)


def _digest(owner: str, text: str) -> str:
    return hashlib.sha256(f"{owner}\n{text}".encode()).hexdigest()
