"""Reports as JUnit XML, one suite a core and one case a check, as CI systems read it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from gembounds.conform.report import Report, Result

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no characters for."""


def junit(reports: Sequence[Report]) -> str:
    """The document. An expected failure is skipped, as pytest's are; so is, once, each function
    that the core does not offer."""
    root = ET.Element("testsuites")
    for report in reports:
        counts = {s: sum(r.status == s for r in report.results) for s in ("failed", "error")}
        skipped = sum(r.status in ("absent", "expected") for r in report.offered)
        skipped += len(report.unoffered)
        suite = ET.SubElement(
            root, "testsuite", name=_legal(f"conform {report.core}"),
            tests=str(len(report.offered) + len(report.unoffered)), failures=str(counts["failed"]),
            errors=str(counts["error"]), skipped=str(skipped), time=f"{report.seconds:.3f}",
        )  # fmt: skip
        properties = ET.SubElement(suite, "properties")
        for name, value in {"seed": report.seed, **report.versions}.items():
            ET.SubElement(properties, "property", name=name, value=_legal(str(value)))
        for result in report.offered:
            _case(suite, result)
        for name in report.unoffered:
            case = ET.SubElement(suite, "testcase", classname="conform", name=name, time="0.000")
            ET.SubElement(case, "skipped", message="not offered")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"conform.{result.kind}", name=result.id,
        time=f"{result.seconds:.3f}",
    )  # fmt: skip
    first = _legal(result.message.split("\n")[0])
    if result.status in ("failed", "error"):
        kind = {"failed": "failure", "error": "error"}[result.status]
        told = ET.SubElement(case, kind, message=first, type=kind)
        told.text = _legal(result.message)
    elif result.status == "absent":
        ET.SubElement(case, "skipped", message=first)
    elif result.status == "expected":
        ET.SubElement(case, "skipped", message=_legal(f"expected to fail: {result.reason}"))


def _legal(text: str) -> str:
    return ILLEGAL.sub("?", text)
