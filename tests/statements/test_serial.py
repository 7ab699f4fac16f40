"""Trees as JSON: read back as they were, and nothing else is read."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gembounds.statements import (
    LINES,
    SEVERAL,
    U,
    const,
    displacement,
    equals,
    integer,
    library,
    mean_square,
    moved,
    mu_max,
    n,
    norm,
    posterior,
    real,
    total,
    vector,
)
from gembounds.statements.claim import Claim
from gembounds.statements.serial import (
    DEEPEST,
    claim_from_json,
    claim_to_json,
    from_json,
    relation_from_json,
    relation_to_json,
    to_json,
)
from gembounds.tools.errors import InputError
from tests import trees

QUIET = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


def through(data: Any) -> Any:
    return json.loads(json.dumps(data))


@QUIET
@given(trees.trees())
def test_trees_are_read_back_as_they_were(e: Any) -> None:
    data = through(to_json(e))
    back = from_json(data)
    assert to_json(back) == data
    assert (repr(back), back.axes) == (repr(e), e.axes)
    assert [x.op for x in back.walk()] == [x.op for x in e.walk()]


@QUIET
@given(trees.relations())
def test_relations_are_read_back_as_they_were(relation: Any) -> None:
    data = through(relation_to_json(relation))
    back = relation_from_json(data)
    assert relation_to_json(back) == data
    assert (back.sign, back.axes, repr(back)) == (relation.sign, relation.axes, repr(relation))
    assert back.constants == relation.constants
    assert back.parameters == relation.parameters and back.symbols == relation.symbols


CLAIMS = (
    Claim("plain", mean_square <= mu_max**2),
    Claim("over", U <= 1, (n >= 2, equals(n, 3)), over=SEVERAL),
    Claim("line", U <= const("a", "1/3") * real("c", "1/7", None), over=LINES),
    Claim("number", integer("k", 0, 9) <= 9),
    Claim("moved", moved(U, displacement("delta")) <= norm(vector("x")), total(vector("x")) >= 1),
    Claim("decided", 2 * U <= 2, decided_by=U <= 1, identity="twice"),
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
def test_claims_are_read_back_as_they_were(claim: Claim) -> None:
    data = through(claim_to_json(claim))
    back = claim_from_json(claim.id, data)
    assert claim_to_json(back) == data
    assert back.text == claim.text and back.domain is claim.domain
    assert back.constants == claim.constants and back.sign == claim.sign


def test_trees_of_papers_are_written_and_their_own_symbols_not_read() -> None:
    own = 0
    for claim in library.collection("xu-fazel-du-2024").values():
        data = through(claim_to_json(claim))
        symbols = [s for r in claim.relations for s in r.symbols.values()]
        if any(s.home for s in symbols):
            own += 1
            with pytest.raises(InputError, match=r"no symbol|none of"):
                claim_from_json(claim.id, data)
        elif data["over"] in ("mixtures", "several", "lines", "planes", "numbers"):
            assert claim_to_json(claim_from_json(claim.id, data)) == data
    assert own > 20


# --- what is no tree --------------------------------------------------------------------------

JUNK: tuple[Any, ...] = (
    None, True, 0, 1.5, -7, "", "x", "1/0", "1e999999999", "nan", "inf", "__import__('os')", [],
    {}, ["num"], ["num", 1], ["num", "1", "2"], ["symbol"], ["symbol", "", "nothing"],
    ["symbol", "numpy", "U"], ["symbol", ["", "U"]], ["+", ["num", "1"]], ["exec", "1"],
    ["const", "a"], ["const", 1, "2"], ["real", "c"], ["real", "c d", None, None],
    ["real", "c", "2", "1"], ["integer", "k", "1/3", "2/3"], ["vector", "x", "1", None],
    ["total", "q", ["num", "1"]], ["total", 3, ["num", "1"]], ["at_k", ["num", "1"]],
    ["moved", ["num", "1"], ["num", "1"]], [["num", "1"], "<=", ["num", "1"]], {"op": "num"},
    ["num", "1" * 20_000], ["moved", ["symbol", "", "U"], ["vector", "x", None, None]],
)  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda x: repr(x)[:40])
def test_junk_is_no_tree(junk: Any) -> None:
    with pytest.raises(InputError) as error:
        from_json(junk)
    assert len(str(error.value)) < 400 and "\n" not in str(error.value)
    with pytest.raises(InputError):
        relation_from_json(junk)
    with pytest.raises(InputError):
        relation_from_json(["<=", ["num", "1"], junk])
    with pytest.raises(InputError):
        claim_from_json("c", junk)
    for key in ("relation", "when", "over", "decided_by"):
        data = {**claim_to_json(CLAIMS[0]), key: junk}
        if (key, junk) in (("when", []), ("decided_by", None)):
            continue
        with pytest.raises(InputError):
            claim_from_json("c", data)


def test_a_tree_that_is_too_deep_is_none() -> None:
    data: Any = ["num", "1"]
    for _ in range(DEEPEST - 1):
        data = ["neg", data]
    assert from_json(data).op == "neg"
    for _ in range(10**4):
        data = ["neg", data]
    with pytest.raises(InputError, match=f"deeper than {DEEPEST}"):
        from_json(data)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(data, (list, dict)):
        for key in range(len(data)) if isinstance(data, list) else data:
            yield from places(data[key], (*path, key))


def mutated(draw: Any, data: Any) -> Any:
    """A copy with one part put elsewhere, left out, doubled, or made junk."""
    data = copy.deepcopy(data)
    spots = list(places(data))[1:]
    spot = draw(st.sampled_from(spots))
    holder = data
    for key in spot[:-1]:
        holder = holder[key]
    kind = draw(st.integers(0, 3))
    if kind == 0:
        holder[spot[-1]] = draw(st.sampled_from(JUNK))
    elif kind == 1:
        del holder[spot[-1]]
    elif kind == 2 and isinstance(holder, list):
        holder.insert(spot[-1], holder[spot[-1]])
    else:
        other: Any = data
        for key in draw(st.sampled_from(spots)):
            other = other[key]
        holder[spot[-1]] = copy.deepcopy(other)
    return data


@settings(deadline=None, max_examples=1000, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(CLAIMS), st.integers(1, 3))
def test_a_mutated_claim_is_read_or_refused_and_never_breaks(
    data: Any, claim: Claim, times: int
) -> None:
    """What is read is written again as the same; its text and its parts can be made."""
    changed: Any = claim_to_json(claim)
    for _ in range(times):
        changed = mutated(data.draw, changed)
        if not isinstance(changed, dict) or len(list(places(changed))) < 2:
            break
    try:
        back = claim_from_json(claim.id, through(changed))
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert claim_to_json(claim_from_json(claim.id, claim_to_json(back))) == claim_to_json(back)
    assert back.text and back.latex and back.sign
    assert all(isinstance(v, Fraction) for v in back.constants.values())


def test_numbers_are_exact_strings() -> None:
    assert to_json(U / 3)[2] == ["num", "3"]
    assert to_json(0.1 * U)[1] == ["num", str(Fraction(0.1))]
    x = ["vector", "x", None, None]
    assert to_json(posterior(vector("x"))) == ["symbol", "", "posterior", x]
