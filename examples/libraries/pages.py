"""docs/libraries: a page a library and the table of all, from reports/libraries/*.json.

python -m examples.libraries.pages
"""

import json
from pathlib import Path

from gembounds.tools.files import write_files

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
are those of the worst point."""

ALONG = """\
Certified digits as one number grows wild; *wrong*: beyond what rounding may cost the direct
formula."""

INTRODUCTION = """\
What people use for mixtures, each through an adapter of some twenty lines in its own best
practice, at its released version, in an environment of its own (`make libraries`). Digits are
certified: the library's value against exact arithmetic, at the worst point. *Wrong*: beyond what
rounding may cost the direct formula log w - |x - mu|^2/2 and a log-sum-exp."""

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


def page(name, found):
    title, package = NAMES[name]
    wrong = [r for r in found["asked"] if not r["right"]]
    failed = [c for c in found["checks"] if c["status"] not in ("passed", "absent")]
    lines = [f"# {title} {found['versions'][package]}", "", found["says"], ""]
    if name == "tfp_jax":
        lines += [TFP]
    if "torch" in found["versions"]:
        lines += [TORCH]
    lines += [_verdict(wrong, failed), "", "## Against certified values", "", DRAWN, "",
              "| function | kind of mixtures | status | digits | points |",
              "| --- | --- | --- | --- | --- |"]  # fmt: skip
    lines += [f"| {c['function']} | {c['domain']} | {c['status']} | "
              f"{'' if c['digits'] is None else c['digits']} | {c['points']} |"
              for c in found["checks"]]  # fmt: skip
    lines += ["", "## Along simple families", "", ALONG, ""]
    families = dict.fromkeys((r["family"], r["function"]) for r in found["asked"])
    for family in dict.fromkeys(f for f, _ in families):
        rows = [r for r in found["asked"] if r["family"] == family]
        at = list(dict.fromkeys(r["at"] for r in rows))
        lines += [f"| {family}: {rows[0]['parameter'].replace('|', BAR)} | {' | '.join(at)} |",
                  f"| --- |{' --- |' * len(at)}"]  # fmt: skip
        for function in dict.fromkeys(r["function"] for r in rows):
            cells = [_cell(next(r for r in rows if r["at"] == a and r["function"] == function))
                     for a in at]  # fmt: skip
            lines.append(f"| {function} | {' | '.join(cells)} |")
        lines.append("")
    if found["monotone"]:
        m = found["monotone"]
        words = f"{m['falls']} times, by {m['worst']:.1g} at most" if m["falls"] else "never"
        lines += [f"EM of the library itself, {m['steps']} steps on 120 numbers: the likelihood, "
                  f"in balls, fell {words}.", ""]  # fmt: skip
    if wrong:
        least = min(
            wrong,
            key=lambda r: (r["function"] != "log_prob", len(str(r["weights"])), len(str(r["x"]))),
        )
        lines += ["## The smallest witness", "",
                  f"{least['function']} at means {least['means']}, weights {least['weights']}, "
                  f"x = {least['x']}: it gives {least['found']}, exact is "
                  f"[{', '.join(least['exact'])}].", ""]  # fmt: skip
    issue = ISSUES / f"{name}.md"
    if issue.is_file():
        head, _, body = issue.read_text(encoding="utf-8").partition("\n")
        lines += ["## A text for its maintainers", "", f"**{head.removeprefix('# ')}**", body]
    source = (ROOT / "examples" / "libraries" / f"{name}.py").read_text(encoding="utf-8")
    versions = ", ".join(f"{k} {v}" for k, v in found["versions"].items())
    lines += ["## The adapter", "", "```python", source.rstrip(), "```", "",
              f"Judged with {versions}.", ""]  # fmt: skip
    return "\n".join(lines)


def _verdict(wrong, failed):
    if not wrong and not failed:
        return "Everything that was asked is right."
    families = ", ".join(dict.fromkeys(f"{r['function']} ({r['family']})" for r in wrong))
    checks = ", ".join(c["id"] for c in failed)
    parts = [f"along the families: {families}" if families else "",
             f"at drawn points: {checks}" if checks else ""]  # fmt: skip
    return f"Wrong somewhere {'; '.join(p for p in parts if p)}."


def _cell(row):
    digits = "exact" if row["digits"] >= 17 else str(row["digits"])
    return digits if row["right"] else f"**{digits} wrong**"


def index(found):
    head = ["library", "version", "posterior, drawn points", "log-density", "float32",
            "weights 0 and tiny", "a common shift of 1e6"]  # fmt: skip
    lines = ["# Real libraries judged", "", INTRODUCTION, "",
             f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]  # fmt: skip
    for name, one in found.items():
        title, package = NAMES[name]
        psi = [c["digits"] for c in one["checks"]
               if c["function"] == "psi" and c["digits"] is not None]  # fmt: skip
        plain = ("x far away", "means far apart", "many dimensions")
        cells = [f"[{title}]({name}.md)", one["versions"][package],
                 f"{min(psi)} digits" if psi else "", _worst(one, "log_prob", plain),
                 _worst(one, "log_prob, float32", plain),
                 _worst(one, "psi", ("a tiny weight", "a weight of 0")),
                 _worst(one, "psi", ("means and x share a shift",), "1e6")]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", FOUND, "", "```{toctree}", ":hidden:", "", *found, "```", ""]
    return "\n".join(lines)


def _worst(one, function, families, at=None):
    rows = [r for r in one["asked"] if r["function"] == function and r["family"] in families
            and (at is None or r["at"] == at)]  # fmt: skip
    return _cell(min(rows, key=lambda r: (r["right"], r["digits"]))) if rows else "-"


def pages():
    """Text by place."""
    folder = ROOT / "reports" / "libraries"
    found = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
             for name in NAMES}  # fmt: skip
    docs = ROOT / "docs" / "libraries"
    out = {docs / f"{name}.md": page(name, one) for name, one in found.items()}
    return {**out, docs / "index.md": index(found)}


if __name__ == "__main__":
    (ROOT / "docs" / "libraries").mkdir(exist_ok=True)
    write_files(pages())
