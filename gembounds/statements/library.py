"""Every claim there is: of the installed papers, and of files. A TARGET names some of them.

    ID          a claim, or a statement's links (``theorem-14`` for ``theorem-14.1``, ...)
    PAPER       all claims of an installed paper
    PAPER:ID    one of them
    FILE.py     all claims of a file that defines CLAIMS; ids that follow belong to it
    FILE.py:ID  one of them

Papers are installed packages with an entry point of the group ``gembounds.papers``.
"""

from __future__ import annotations

import difflib
import importlib.util
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from gembounds.statements.argument import resolved
from gembounds.statements.claim import Claim
from gembounds.statements.paper import claims_of, papers
from gembounds.tools.errors import InputError
from gembounds.tools.seeds import seed_of

Ref = tuple[str, str]
"""Where a claim is to be found again, in any process: its home (a paper, or a file) and id."""


def is_file(home: str) -> bool:
    """Whether claims of this home come from a file."""
    return home.endswith(".py")


@cache
def collection(home: str) -> dict[str, Claim]:
    """The claims of a paper or a file (an absolute path) by id, in natural order."""
    if is_file(home):
        claims = claims_of(_executed(Path(home)), home, Path(home).stem)
    else:
        claims = papers()[home].load()
    try:
        return indexed(claims)
    except InputError as error:
        raise InputError(f"{home}: {error}") from None


def indexed(claims: Sequence[Claim]) -> dict[str, Claim]:
    """``claims`` by id, in natural order.

    Raises :class:`InputError` where two share an id, one repairs a claim that is not there, or an
    argument rests on one that is not there, or on itself.
    """
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in found:
            raise InputError(f"two claims have the id {claim.id!r}: rename one")
        found[claim.id] = claim
    for claim in claims:
        if claim.repairs is not None and claim.repairs not in found:
            raise InputError(f"{claim.id} repairs {claim.repairs!r}, which is not a claim")
    resolved({c.id: c.proof.claims for c in claims if c.proof}, found, "`by` of its argument")
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def ref(claim: Claim) -> Ref:
    """Where a claim is found again."""
    return claim.home, claim.id


def paper_of(claim: Claim) -> str | None:
    """The name of the paper that a claim belongs to; None for a file's."""
    return claim.home if claim.home in papers() else None


def certificates_of(claim: Claim) -> Path | None:
    """Where certificates of a file's claims go; None for a paper's."""
    return Path(claim.home).with_suffix(".certificates") if is_file(claim.home) else None


def at(place: Ref) -> Claim:
    """The claim at a place."""
    return collection(place[0])[place[1]]


def get(claim_id: str) -> Claim:
    """The claim of that id in the installed papers; raises :class:`InputError`."""
    return _of_papers(claim_id)[0]


def select(targets: Sequence[str] = ()) -> list[Claim]:
    """The claims that the targets name, each once; all of all installed papers if none.

    Raises :class:`InputError` for what names nothing, an id that two papers share, or a file
    without claims.
    """
    if not targets:
        return [claim for name in papers() for claim in collection(name).values()]
    chosen: dict[Ref, Claim] = {}
    file: str | None = None
    waiting = False  # a file is named, and no id of it yet
    for target in targets:
        path, colon, inner = _split(target)
        if path is not None:
            if waiting and file is not None:
                chosen.update(_keyed(collection(file).values()))
            file, waiting = path, not colon
            found = matching(collection(path), inner) if colon else []
            if colon and not found:
                raise _unknown(inner, collection(path), path)
        elif file is not None and (found := matching(collection(file), target)):
            waiting = False
        elif target in papers():
            found = list(collection(target).values())
        elif colon and inner and target.partition(":")[0] in papers():
            home, _, inner = target.partition(":")
            if not (found := matching(collection(home), inner)):
                raise _unknown(inner, collection(home), home)
        elif file is not None:
            raise _unknown(target, collection(file), file)
        else:
            found = _of_papers(target)
        chosen.update(_keyed(found))
    if waiting and file is not None:
        chosen.update(_keyed(collection(file).values()))
    return list(chosen.values())


def docstring(home: str) -> str:
    """The docstring of a file of claims."""
    collection(home)
    module = sys.modules.get(_module_name(Path(home)))
    return (getattr(module, "__doc__", None) or "").strip()


def is_target(word: str, others: Sequence[str] = ()) -> bool:
    """Whether ``word`` names claims, those of files among the ``others`` too, or is spelt much as
    an id is: then it is no file to write to."""
    if file_of(word) is not None or word.partition(":")[0] in papers():
        return True
    homes = [*papers(), *(file for other in others if (file := file_of(other)))]
    if any(matching(collection(home), word) for home in homes):
        return True
    if re.search(r"/|\.[A-Za-z]\w*$", word):
        return False
    ids = [claim_id for home in homes for claim_id in collection(home)]
    return bool(difflib.get_close_matches(word, ids, n=1, cutoff=0.75))


def file_of(target: str) -> str | None:
    """The file that a target names."""
    return _split(target)[0]


def _split(target: str) -> tuple[str | None, str, str]:
    """The path of a file that a target names (None for none), the colon, and what follows."""
    match = re.fullmatch(r"(.*\.py)(?:(:)(.*))?", target, re.DOTALL)
    if match:
        return str(Path(match[1]).resolve()), match[2] or "", match[3] or ""
    return None, ":" if ":" in target else "", target.partition(":")[2]


def _keyed(claims: Any) -> dict[Ref, Claim]:
    return {ref(claim): claim for claim in claims}


def matching(claims: Mapping[str, Claim], wanted: str) -> list[Claim]:
    """The claim of that id, or a statement's links."""
    if wanted in claims:
        return [claims[wanted]]
    return [c for k, c in claims.items() if re.fullmatch(re.escape(wanted) + r"\.\d+", k)]


def _of_papers(wanted: str) -> list[Claim]:
    found = {name: matching(collection(name), wanted) for name in papers()}
    homes = [name for name, claims in found.items() if claims]
    if len(homes) > 1:
        both = " or ".join(f"{home}:{wanted}" for home in homes)
        raise InputError(f"{wanted!r} is a claim of {len(homes)} papers: say {both}")
    if not homes:
        everything = {k: c for name in papers() for k, c in collection(name).items()}
        raise _unknown(wanted, everything, "")
    return found[homes[0]]


def _unknown(wanted: str, claims: Mapping[str, Claim], home: str) -> InputError:
    near = difflib.get_close_matches(wanted, claims, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`gembounds list` shows all ids"
    place = f" in {Path(home).name}" if is_file(home) else f" in {home}" if home else ""
    return InputError(f"unknown claim {wanted!r}{place}: {hint}")


def _natural(claim_id: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", claim_id)
    return [(int(p), "") if p.isdigit() else (-1, p) for p in parts]


def _executed(path: Path) -> Any:
    """The module that a file of claims is; nothing is written beside it. Raises
    :class:`InputError` with the place in it."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; give a Python file with CLAIMS, or a claim's id")
    name = _module_name(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[name] = module
    silent, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with redirect_stdout(StringIO()):  # standard output is for results
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a file may raise anything, and exit
        raise InputError(f"{_place(path, error)}: {_kind(error)}") from None
    finally:
        sys.dont_write_bytecode = silent
        sys.path.remove(str(path.parent))
    return module


def _module_name(path: Path) -> str:
    return f"gembounds_claims_{path.stem}_{seed_of(path):x}"


def _place(path: Path, error: BaseException) -> str:
    """The file and the line in it where it went wrong."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f"{path}:{error.lineno}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return f"{path}:{frames[-1].lineno}" if frames else str(path)


def _kind(error: BaseException) -> str:
    text = " ".join(str(error).split()) or "no message"
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"
