"""What a certificate of a proof says of its statement, and digests.

``statement`` is the digest of the claim's trees and constants alone: a proof is of a claim whose
digest it has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from gembounds.statements.claim import Claim
from gembounds.statements.paper import papers
from gembounds.statements.serial import claim_to_json

VERSION = 1
"""Of the form of certificates of proofs."""


def digest(body: Mapping[str, Any]) -> str:
    """Of a certificate: SHA-256 of the JSON without the key "digest", keys sorted, no spaces."""
    rest = {key: value for key, value in body.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def about(claim: Claim) -> dict[str, Any]:
    """claim, paper, text, tree, constants, and ``statement``, the digest of these two."""
    constants = {name: str(value) for name, value in sorted(claim.constants.items())}
    tree = claim_to_json(claim)
    return {
        "gembounds": VERSION,
        "claim": claim.id,
        "paper": claim.home if claim.home in papers() else None,
        "text": claim.text,
        "tree": tree,
        "constants": constants,
        "statement": digest({"tree": tree, "constants": constants}),
    }
