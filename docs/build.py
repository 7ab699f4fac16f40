"""The documentation site: pages of ``docs``, and those made from claims, records and docstrings.

    python -m docs.build [OUT]        staged in build/docs-pages, built into build/docs

Links between the repository's files stay as they are read there; here they are turned to the page
that a file has become, else to a copy of the file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from docs import made
from gembounds.statements.printing import mathml

ROOT = Path(__file__).resolve().parent.parent
STAGE = ROOT / "build" / "docs-pages"

PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "more/architecture.md",
    "CONTRIBUTING.md": "more/contributing.md",
    "CHANGELOG.md": "more/changelog.md",
    **{
        f"reports/{name}.md": f"more/{name}.md"
        for name in ("rates", "erratum", "boxes", "customers", "honesty", "honesty-batches")
    },
    "reports/figures/figures.md": "more/figures.md",
}
"""Files outside ``docs`` that become pages."""

LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)"
)

MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\$\w])\$([^$\n]+(?:\n[^$\n]+)?)\$", re.DOTALL)


def main(out: Path) -> int:
    """Stage and build; sphinx-build's exit status."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for name in ("extra", "_static"):
        (STAGE / name).mkdir(parents=True)
    texts = {f"docs/{p.relative_to(ROOT / 'docs')}": p.read_text(encoding="utf-8")
             for p in sorted((ROOT / "docs").rglob("*.md"))}  # fmt: skip
    pages = {**{k: k.removeprefix("docs/") for k in texts}, **PAGES}
    for name in PAGES.keys() - {"README.md"}:
        texts[name] = (ROOT / name).read_text(encoding="utf-8")
    for name, text in made.pages(ROOT).items():
        texts[f"docs/{name}"] = text
        pages[f"docs/{name}"] = name
    texts["docs/index.md"] = _with_others(texts["docs/index.md"], pages.values())
    for name, text in texts.items():
        place = STAGE / pages[name]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(turned(text, name, pages), encoding="utf-8")
    shutil.copy(ROOT / "docs" / "conf.py", STAGE)
    shutil.copy(ROOT / "docs" / "site.css", STAGE / "_static")
    for place in [*ROOT.glob("reports/report.html"), *ROOT.glob("reports/*/report.html")]:
        folder = STAGE / "extra" / place.parent.relative_to(ROOT / "reports")
        folder.mkdir(exist_ok=True)
        shutil.copy(place, folder)
    status = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", STAGE, out],
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).returncode  # fmt: skip
    for page in out.rglob("*.html"):
        if "files" not in page.relative_to(out).parts:
            page.write_text(accessible(page.read_text(encoding="utf-8")), encoding="utf-8")
    return status


ACCESSIBLE = (
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ('<aside class="sidebar-drawer"', '<aside aria-label="All pages" class="sidebar-drawer"'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ("<pre>", '<pre tabindex="0">'),
    ('<th class="head"><p></p></th>', "<td></td>"),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
)
"""What the theme leaves out, so that axe-core finds nothing: levels, names, boxes that scroll."""


def accessible(page: str) -> str:
    for old, new in ACCESSIBLE:
        page = page.replace(old, new)
    return page


def _with_others(index: str, pages: Iterable[str]) -> str:
    """The index with the pages that it does not name where it says ``others``."""
    named = set(re.findall(r"^[\w/-]+$", index, re.MULTILINE)) | {"index"}
    stems = (p.removesuffix(".md") for p in pages)
    others = sorted(s for s in stems if "/" not in s and s not in named)
    return re.sub(r"^others$", "\n".join(others), index, flags=re.MULTILINE)


def turned(text: str, name: str, pages: dict[str, str]) -> str:
    """``text`` of the file ``name``, its links to files turned to what they are in the site."""
    here = Path(pages[name]).parent

    def link(match: re.Match[str]) -> str:
        sign, words, target, anchor = match[1], match[2], match[3], match[4] or ""
        path = os.path.normpath(Path(name).parent / target)
        if path in pages:
            return f"{sign}[{words}]({os.path.relpath(pages[path], here)}{anchor})"
        if path.startswith("reports/") and path.endswith(("/report.html", "/report.md")):
            page = Path(path).relative_to("reports").with_suffix(".html")
            return f'<a href="{os.path.relpath(page, here)}">{words}</a>'
        if not (ROOT / path).exists():
            raise SystemExit(f"{name}: links to {target}, which is not there")
        copy = STAGE / "extra" / "files" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_dir():
            return words
        shutil.copy(ROOT / path, copy)
        if sign:
            return f"![{words}]({os.path.relpath(Path('extra/files') / path, here)})"
        return f'<a href="{os.path.relpath(Path("files") / path, here)}">{words}</a>'

    parts = re.split(r"(^```.*?^```$|`[^`\n]*`)", text, flags=re.DOTALL | re.MULTILINE)
    parts[::2] = [MATH.sub(_formula, LINK.sub(link, part)) for part in parts[::2]]
    return "".join(parts)


def _formula(match: re.Match[str]) -> str:
    """MathML, which needs no script and no network."""
    text = mathml(match[1] or match[2])
    return f'\n<div class="display" tabindex="0">{text}</div>\n' if match[1] else text


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else ROOT / "build" / "docs").resolve()))
