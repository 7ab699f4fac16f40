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
    text = json.dumps(content)
    digest = _digest(owner, text)
    write_file(path, f'{{"digest": "{digest}", "owner": "{owner}", "content": {text}}}\n')


def read_state(path: Path, owner: str, what: str) -> Any:
    """The content of the file, None where there is none.

    Raises :class:`InputError` for a file that is not as :func:`write_state` left it, and for
    another owner's; ``what`` says what it should be ("checkpoint").
    """
    advice = "remove it or name another"
    try:
        found = _FORM.fullmatch(read_file(path).decode())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a {what} ({error}); {advice}") from None
    if found is None:
        raise InputError(f"{path}: is no {what}; {advice}")
    digest, whose, text = found.groups()
    if digest != _digest(whose, text):
        raise InputError(f"{path}: is an altered {what}, its digest does not fit; {advice}")
    if whose != owner:
        raise InputError(
            f"{path}: is the {what} of another run (mixture or options differ); {advice}"
        )
    return json.loads(text)


def _digest(owner: str, text: str) -> str:
    return hashlib.sha256(f"{owner}\n{text}".encode()).hexdigest()
