"""How a claim is proved, and whether its proof stands.

There are three ways: by *enumeration*, every point of a finite domain decided; by *arithmetic*, a
certificate that covers the whole domain; by *hand*, an argument. An argument stands where every
claim that it rests on is proved itself, and nothing that its steps show is refuted. Nothing proves
a claim that is refuted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from gembounds.proving.record import about, digest
from gembounds.referee import recorded
from gembounds.statements import library
from gembounds.statements.argument import resolved
from gembounds.statements.claim import Claim
from gembounds.statements.every import every_point, points_of
from gembounds.statements.paper import papers
from gembounds.tools.errors import InputError
from gembounds.tools.files import read_json

Result = dict[str, Any]

PROOFS = "proofs"
"""The folder of certificates of proofs, beside a paper's reports."""

WAYS = ("hand", "arithmetic", "enumeration")

TRUE_SO_FAR = ("holds", "consistent")
"""Verdicts at points that a proof turns into "proved"."""


def proved_by(claim: Claim) -> str | None:
    """The surest way in which the claim is to be proved, whether that stands or not."""
    if claim.sign != "==" and every_point(claim) is not None:
        return "enumeration"
    if certified(claim):
        return "arithmetic"
    return None if claim.proof is None else "hand"


def place_of(claim: Claim, folder: Path | None = None, record: bool = False) -> Path | None:
    """Where the certificate of a proof by arithmetic goes: into ``folder``, beside a file of
    claims, or, to ``record`` it, into ``proofs`` beside a paper's reports; None for nowhere."""
    if folder is None and library.is_file(claim.home):
        folder = Path(claim.home).with_suffix(".proofs")
    if folder is None and record and (paper := papers().get(claim.home)) is not None:
        folder = recorded.directory_of(paper) / PROOFS
    return None if folder is None else folder / f"{claim.id}.json"


def certified(claim: Claim) -> bool:
    """Whether a certificate of the claim's statement over its whole domain is kept, whole by its
    digest. Its leaves are checked where that is not recorded, and by ``gembounds verify``."""
    return _certificate(claim) is not None


def _certificate(claim: Claim) -> str | None:
    """The digest of that certificate."""
    place = place_of(claim, record=True)
    if place is None or not place.is_file():
        return None
    try:
        data = read_json(place)
        known = digest(data) == data["digest"]
        same = all(data[key] == value for key, value in about(claim).items())
        return str(data["digest"]) if known and same and not data["box"] else None
    except (InputError, OSError, KeyError, TypeError, AttributeError):
        return None


def basis(claim: Claim, way: str | None) -> str | None:
    """What a proof in that way is, as a digest: of the certificate; else of the statement's words
    and, by hand, of the argument. What is recorded of a claim is a proof of that alone."""
    if way == "arithmetic":
        return _certificate(claim)
    if way is None or (way == "hand" and claim.proof is None):
        return None
    steps = claim.proof.to_json() if way == "hand" and claim.proof is not None else []
    ends = {k: [p.kind, str(p.low), str(p.high)] for k, p in claim.parameters.items()}
    return digest({
        "text": claim.text, "domain": claim.domain.name, "numbers": ends, "steps": steps,
    })  # fmt: skip


def settle(
    claims: Sequence[Claim],
    results: Sequence[Result],
    known: Mapping[str, Mapping[str, Result] | None],
) -> None:
    """Complete the results of ``claims``: the verdict is "proved" where a proof stands, given the
    verdicts at points and, of claims that are not among these, the ones recorded (``known``, by
    home). Adds

    - proof: the surest way that is there, whether it stands or not (None for none);
    - basis: what that proof is, as a digest (:func:`basis`);
    - by: "hand", "arithmetic", "enumeration", or None where nothing is proved;
    - own_argument: whether by is "hand" and the argument is not gembounds's own: the file's, or
      another paper package's;
    - unproved: why nothing is proved, where something is to be said;
    - void: whether a refutation contradicts a proof: of the claim, or of a step of its argument.
    """
    for result in results:
        result.update(proof=None, basis=None, by=None, own_argument=False, unproved="", void=False)
    for home in dict.fromkeys(c.home for c in claims):
        own = {c.id: (c, r) for c, r in zip(claims, results, strict=True) if c.home == home}
        everything = library.collection(home) if home else {k: c for k, (c, _) in own.items()}
        rests = _rests(everything, bool(home))
        earlier = known.get(home) or {}
        proved: set[str] = set()
        for name, below in _in_order(rests):
            lacking = [k for k in below if k not in proved]
            if name in own:
                checked = own.keys() | earlier.keys()
                _settle(*own[name], [k if k in checked else f"{k} (not checked)" for k in lacking])
                stands = own[name][1]["verdict"] == "proved"
            else:
                stands = _stood(everything.get(name), earlier.get(name, {}), lacking) is not None
            proved |= {name} if stands else set()


def needed(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of files that the arguments of ``claims`` rest on, at any depth, and that are
    not among them: nothing is recorded of these."""
    found: dict[library.Ref, Claim] = {library.ref(c): c for c in claims}
    waiting = [c for c in claims if library.is_file(c.home)]
    while waiting:
        claim = waiting.pop()
        everything = library.collection(claim.home)
        for name in _rests(everything, True)[claim.id]:
            if (claim.home, name) not in found:
                found[claim.home, name] = everything[name]
                waiting.append(everything[name])
    return list(found.values())[len({library.ref(c) for c in claims}) :]


def _rests(claims: Mapping[str, Claim], closed: bool) -> dict[str, tuple[str, ...]]:
    """What each argument rests on; of claims that belong nowhere, known or not."""
    named = {c.id: () if c.proof is None else c.proof.claims for c in claims.values()}
    known: Iterable[str] = claims if closed else {*claims, *(x for y in named.values() for x in y)}
    return resolved(named, known, "`by` of its argument")


def _stood(claim: Claim | None, recorded: Mapping[str, Any], lacking: Sequence[str]) -> str | None:
    """How a claim is proved whose result is a recorded one: by enumeration as recorded, where its
    domain is finite still; by a certificate that is there; by hand where it was to be and is
    still, no step was refuted, and all is proved that it rests on. A certificate or an argument
    that is not the one that was recorded proves nothing until it is checked itself."""
    if claim is None or recorded.get("verdict") not in (*TRUE_SO_FAR, "proved"):
        return None

    def recorded_so(way: str) -> bool:
        return "basis" not in recorded or recorded["basis"] == basis(claim, way)

    if recorded.get("by") == "enumeration":
        finite = claim.domain.every is not None or points_of(claim) is not None
        return "enumeration" if finite and recorded_so("enumeration") else None
    if certified(claim) and recorded_so("arithmetic"):
        return "arithmetic"
    there = claim.proof is not None and "hand" in (recorded.get("by"), recorded.get("proof"))
    stands = there and recorded_so("hand") and not recorded.get("void") and not lacking
    return "hand" if stands else None


def resettle(claims: Mapping[str, Claim], known: Mapping[str, Result]) -> list[str]:
    """Let recorded results say what the proofs that are there give now; the ids that changed."""
    changed, proved = [], set()
    for name, below in _in_order(_rests(claims, True)):
        recorded, claim = known.get(name), claims.get(name)
        if recorded is None or claim is None:
            continue
        before = recorded["verdict"], recorded.get("by")
        way = _stood(claim, recorded, [k for k in below if k not in proved])
        if way is not None:
            proved.add(name)
            recorded.update(verdict="proved", by=way)
        elif recorded["verdict"] == "proved":
            recorded.update(verdict="consistent" if claim.sign == "==" else "holds", by=None)
        changed += [name] if before != (recorded["verdict"], recorded.get("by")) else []
    return changed


def _in_order(rests: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each argument rests on, after all of that."""
    for name in TopologicalSorter(rests).static_order():
        yield name, rests.get(name, ())


def _settle(claim: Claim, result: Result, lacking: Sequence[str]) -> None:
    way = proved_by(claim)
    result.update(proof=way, basis=basis(claim, way))
    wrong = [step["step"] for step in result["steps"] if step["refuted"] is not None]
    result["void"] = bool(wrong) or (
        result["verdict"] == "refuted" and way in ("hand", "arithmetic")
    )
    if result["verdict"] not in TRUE_SO_FAR:
        return
    open_ones = result["undecided"] + result["undefined"]
    if way is None:
        result["unproved"] = claim.unproved
    elif way == "enumeration" and open_ones:
        result["unproved"] = f"{open_ones} of the points of its domain stay undecided"
    elif way == "arithmetic" and (fault := _fault(claim, result)):
        result.update(basis="", unproved=f"its certificate is not confirmed: {fault}")
    elif way == "hand" and wrong:
        result["unproved"] = f"a step of its argument is refuted: {', '.join(wrong)}"
    elif way == "hand" and lacking:
        result["unproved"] = f"its argument rests on what is not proved: {', '.join(lacking)}"
    else:
        theirs = way == "hand" and not _is_ours(claim)
        result.update(verdict="proved", by=way, own_argument=theirs)


def _fault(claim: Claim, result: Result) -> str | None:
    """What is wrong with a certificate that is not the one recorded, every leaf shown again."""
    from gembounds.referee.verify.proof import confirm_proof, read_proof

    place = place_of(claim, record=True)
    if place is None or result["basis"] == result.get("recorded_basis"):
        return None
    return next(iter(confirm_proof(read_proof(place) or {})), None)


def _is_ours(claim: Claim) -> bool:
    paper = papers().get(claim.home)
    return paper is not None and paper.comes_with_gembounds


def said(result: Mapping[str, Any]) -> str:
    """A verdict in words: "proved by hand", with whose argument it is where that is not ours."""
    verdict, by = str(result["verdict"]), result.get("by")
    if verdict != "proved" or by is None:
        return verdict
    whose = "the file's" if result.get("paper") is None else "the paper package's"
    return f"proved by {by}" + (f" ({whose} own argument)" if result.get("own_argument") else "")
