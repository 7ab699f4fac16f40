"""Sphinx reads this; pages are staged by ``docs/build.py``, which ``make docs`` runs."""

import re
from importlib import metadata

project = "gembounds"
author = copyright = "gembounds contributors"
version = release = metadata.version("gembounds")
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "gembounds"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["extra"]
html_copy_source = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
exclude_patterns = ["extra"]

SECTION = re.compile(r"\s*-{3,}\s*$")
ENTRY = re.compile(r"([\w, *]+) : (.*)$")


def plain(lines):
    """Docstrings of this package are text with formulas: indented ones stand as they are, |x| is a
    norm and no substitution; sections are lists of names with what they are."""
    out, formula, section = [], False, False
    for k, line in enumerate(lines):
        if SECTION.match(line):
            out[-1:] = [f"**{out[-1]}**", ""]
            section = True
            continue
        if line.strip() and not line.startswith("    "):
            formula = False
        entry = ENTRY.match(line) if section else None
        if entry:
            out += [f"{escaped(entry[1])}", f"    {escaped(entry[2])}"]
            if re.match(r" +[A-Z]", (lines[k + 1 : k + 2] or [""])[0]):  # a type, then a sentence
                out[-1] += "."
            continue
        if (
            line.startswith("    ")
            and not section
            and not formula
            and not (out and out[-1].strip())
        ):
            out += ["::", ""]
            formula = True
        if section and line.strip() and not line.startswith("    ") and not lines[k - 1].strip():
            section = False
            out.append("")
        out.append(line if formula else escaped(line))
    return out


def escaped(line):
    """Without what reStructuredText would take for more than a letter."""
    parts = re.split(r"(``[^`]*``|:\w+:`[^`]*`)", line)
    parts[::2] = [re.sub(r"([|*]|_(?=\W|$))", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def setup(app):
    def read(app, what, name, obj, options, lines):
        lines[:] = plain(lines)

    app.connect("autodoc-process-docstring", read)
