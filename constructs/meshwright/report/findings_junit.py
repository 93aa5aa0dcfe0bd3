"""Findings as JUnit XML, a test case for each check, for build servers that show tests."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from meshwright.analysis.finding import Finding
from meshwright.report.findings_text import made_by_text, message_text, place_text
from meshwright.report.printable import visible_line


def findings_junit(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """Return a suite in which a check fails by its errors and warnings; notes and unknowns are output of their case.

    Args:
        findings: In the order to be told.
        titles: A sentence for each check that ran.
    """
    failed = {finding.code for finding in findings if _fails(finding)}
    codes = sorted({*titles, *(finding.code for finding in findings)})
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name="meshwright", tests=str(len(codes)), failures=str(len(failed)))
    for code in codes:
        case = SubElement(
            suite,
            "testcase",
            classname="meshwright.check",
            name=visible_line(f"{code} {titles.get(code, '')}".rstrip()),
        )
        mine = [finding for finding in findings if finding.code == code]
        failures = [finding for finding in mine if _fails(finding)]
        if failures:
            failure = SubElement(case, "failure", message=_line(failures[0]), type=failures[0].severity)
            failure.text = "\n".join(map(_line, failures))
        told = [finding for finding in mine if not _fails(finding)]
        if told:
            SubElement(case, "system-out").text = "\n".join(map(_line, told))
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _fails(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _line(finding: Finding) -> str:
    made = made_by_text(finding.origin)
    return visible_line(f"{place_text(finding)}: {message_text(finding)}{made and f' ({made})'}")
