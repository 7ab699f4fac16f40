"""docs/libraries: a page a library and the table of all, from reports/libraries/*.json.

python -m examples.libraries.pages
"""

import json
from pathlib import Path

from gembounds.tools.files import make_folder, write_files

ROOT = Path(__file__).resolve().parents[2]

NAMES = {
    "sklearn_gm": ("scikit-learn GaussianMixture", "scikit-learn"),
    "torch_msf": ("PyTorch MixtureSameFamily", "torch"),
    "pomegranate_gm": ("pomegranate GeneralMixtureModel", "pomegranate"),
    "tfp_jax": ("TensorFlow Probability on JAX", "tensorflow-probability"),
    "numpyro_msf": ("NumPyro MixtureSameFamily", "numpyro"),
    "jax_hand": ("JAX by hand", "jax"),
    "scipy_hand": ("SciPy by hand", "scipy"),
}

ISSUES = Path(__file__).parent / "issues"
"""A text for the maintainers of a library, a title first, where something is wrong; each was run
by hand in the library's environment."""

DRAWN = """\
Points are drawn, three of each kind, inside what the adapter declares (sums are taken by
Gauss-Hermite rules of many nodes over the library's own densities, for means to norm 3). Digits
are those of the worst point. *offset*: means and x share a vector, entries to 1e8;
*zero-weights*: some weights are exactly 0; *a sample*: whether a step of the library's EM lowers
the likelihood."""

ALONG = """\
Certified digits as one number grows wild; *wrong*: beyond what rounding may cost the direct
formula; *all*: all sixteen that are counted. In float32 the point is rounded to it first."""

FAILED = """\
What `gembounds conform` says, for each function at the smallest point that two seconds found; the
last line runs it again in the library's environment."""

LONG = 400
"""Characters of a line that is shown."""

INTRODUCTION = """\
What people use for mixtures, each through an adapter of some twenty lines in its own best
practice, at its released version, in an environment of its own (`make libraries`: 5 GB of disk
and nine minutes at first). Digits are
certified: the library's value against exact arithmetic, at the worst point of all kinds that are
drawn ([what is asked](../cores.md)). *Wrong*: beyond what rounding may cost the direct formula
log w - |x - mu|^2/2 and a log-sum-exp, and 1e-13 (1e-6 in float32) besides."""

FOUND = """\
Three have something to mend, and a text for their maintainers on their page: scikit-learn cancels,
PyTorch gives components of weight 0 a weight, pomegranate's constants have twelve digits."""

BAR = "\\|"

TORCH = """PyTorch is the build for CPUs that the machine of the run had, not the newest release.
"""

TFP = """`tensorflow-probability` 0.25.0, the released version, cannot be imported with the
released JAX (0.10.2): `module 'jax.interpreters.xla' has no attribute 'pytype_aval_mappings'`. It
was judged with JAX 0.4.35.
"""


SETS = {"double": "float64", "single": "float32"}


def page(name, found):
    title, package = NAMES[name]
    lines = [f"# {title} {found['versions'][package]}", "", found["says"], ""]
    if name == "tfp_jax":
        lines += [TFP]
    if "torch" in found["versions"]:
        lines += [TORCH]
    lines += [_verdict(found), "", "## Against certified values", "", DRAWN]
    for which in _sets(found):
        lines += ["", f"| {SETS[which]} | kind of mixtures | status | digits | points |",
                  "| --- | --- | --- | --- | --- |"]  # fmt: skip
        lines += [f"| {_function(r)} | {_kind(r)} | {r['status']} | {_digits(r)} | "
                  f"{r['points']} |" for r in found[which]["drawn"]]  # fmt: skip
    lines += ["", "## Along simple families", "", ALONG, ""]
    for family in dict.fromkeys(r["family"] for r in found["double"]["along"]):
        lines += [*_family(found, family), ""]
    lines += _failures(found)
    issue = ISSUES / f"{name}.md"
    if issue.is_file():
        head, _, body = issue.read_text(encoding="utf-8").partition("\n")
        lines += ["## A text for its maintainers", "", f"**{head.removeprefix('# ')}**", body]
    source = (ROOT / "examples" / "libraries" / f"{name}.py").read_text(encoding="utf-8")
    versions = ", ".join(f"{k} {v}" for k, v in found["versions"].items())
    lines += ["## The adapter", "", "```python", source.rstrip(), "```", "",
              f"Judged with {versions}.", ""]  # fmt: skip
    return "\n".join(lines)


def _failures(found):
    """By arithmetic and function, the failure at the shortest point, and the names of all."""
    lines = []
    for which in _sets(found):
        bad = [r for r in found[which]["drawn"] if _bad(r)]
        for function in dict.fromkeys(map(_function, bad)):
            alike = [r for r in bad if _function(r) == function]
            least = min(alike, key=lambda r: len(json.dumps(r["worst_point"])))
            message = [line for line in least["message"].splitlines() if len(line) <= LONG]
            lines += ["```text", ", ".join(r["id"] for r in alike), "", *message, "```", ""]
    return ["## What failed", "", FAILED, "", *lines] if lines else []


def _sets(found):
    return [which for which in SETS if which in found]


def _function(result):
    """The one that is judged."""
    return result["function"].split(",")[0]


def _kind(result):
    return "a sample" if result["id"].startswith("monotone") else result["domain"]


def _bad(result):
    return result["status"] in ("failed", "error")


def _digits(result):
    return "" if result["digits_worst"] is None else f"{result['digits_worst']:.1f}"


def _verdict(found):
    wrong = {}
    for which in _sets(found):
        for r in filter(_bad, found[which]["drawn"]):
            wrong.setdefault(f"{_function(r)} in {SETS[which]}", []).append(_kind(r))
    if not wrong:
        return "Everything that was asked is right."
    parts = [f"{what} ({', '.join(kinds)})" for what, kinds in wrong.items()]
    return f"Wrong: {'; '.join(parts)}."


def _family(found, family):
    """Its table: a line for each function and arithmetic, a column for each number."""
    lines = []
    for which in _sets(found):
        rows = [r for r in found[which]["along"] if r["family"] == family]
        if not lines:
            at = [r["at"] for r in rows]
            lines += [f"| {family}: {rows[0]['parameter'].replace('|', BAR)} | {' | '.join(at)} |",
                      f"| --- |{' --- |' * len(at)}"]  # fmt: skip
        for k in range(len(rows[0]["found"])):
            results = [r["found"][k] for r in rows]
            lines.append(f"| {_function(results[0])}, {SETS[which]} | "
                         f"{' | '.join(map(_cell, results))} |")  # fmt: skip
    return lines


def _cell(result):
    """Digits, and whether the value is beyond what is allowed; none are counted where all may be
    lost."""
    if result["status"] == "absent":
        return "-"
    digits = _digits(result) or "-"
    return f"**{digits} wrong**" if _bad(result) else "all" if digits == "16.0" else digits


def index(found):
    head = ["library", "version", "posterior", "log-density", "posterior, float32",
            "log-density, float32", "weights of 0", "a common shift of 1e6",
            "EM's likelihood"]  # fmt: skip
    lines = ["# Real libraries judged", "", INTRODUCTION, "",
             f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]  # fmt: skip
    for name, one in found.items():
        title, package = NAMES[name]
        usual = [
            r for r in one["double"]["drawn"] if r["domain"] not in ("offset", "zero-weights")
        ]
        single = [r for r in one.get("single", {"drawn": []})["drawn"]
                  if r["domain"] not in ("offset", "zero-weights")]  # fmt: skip
        zero = [r for r in one["double"]["drawn"] if r["domain"] == "zero-weights"]
        shift = [r["found"] for r in one["double"]["along"] if r["at"] == "1e6"]
        cells = [f"[{title}]({name}.md)", one["versions"][package], _worst(usual, "psi"),
                 _worst(usual, "log_prob"), _worst(single, "psi"), _worst(single, "log_prob"),
                 _worst(zero, "psi"), _worst(shift[0], "psi"), _monotone(one)]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", FOUND, "", "```{toctree}", ":hidden:", "", *found, "```", ""]
    return "\n".join(lines)


def _worst(results, function):
    mine = [r for r in results if _function(r) == function and r["status"] != "absent"]
    least = min(mine, key=lambda r: (not _bad(r), r["digits_worst"] or 0.0), default=None)
    return "-" if least is None else _cell(least)


def _monotone(one):
    found = [r for r in one["double"]["drawn"] if r["id"].startswith("monotone")]
    return {"passed": "never falls", "failed": "**falls**"}.get(
        found[0]["status"] if found else "", "-")  # fmt: skip


def pages():
    """Text by place."""
    folder = ROOT / "reports" / "libraries"
    found = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
             for name in NAMES}  # fmt: skip
    docs = ROOT / "docs" / "libraries"
    out = {docs / f"{name}.md": page(name, one) for name, one in found.items()}
    return {**out, docs / "index.md": index(found)}


if __name__ == "__main__":
    make_folder(ROOT / "docs" / "libraries")
    write_files(pages())
