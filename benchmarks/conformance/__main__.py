"""Command line of the judge; see the package."""

import argparse
import sys

from benchmarks.conformance.corpus import CORPUS, REPOSITORY
from benchmarks.conformance.groups import GROUPS, judge
from benchmarks.conformance.report import page, summary


def main() -> None:
    """Judge; exit status 1 when anything is different."""
    parser = argparse.ArgumentParser(prog="benchmarks.conformance", description=main.__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"only these: {', '.join(GROUPS)}")
    parser.add_argument("--show", metavar="GROUP/CASE", help="print one case in detail (or a prefix, for several)")
    parser.add_argument("--write", action="store_true", help="write docs/conformance.md (all groups)")
    arguments = parser.parse_args()
    if not CORPUS.is_dir():
        sys.exit(
            "benchmarks.conformance: the recorded answers are not beside this repository. Put them at ../shared/corpus."
        )
    wanted = [group for group in GROUPS if not arguments.groups or group in arguments.groups]
    if arguments.show:
        wanted = [group for group in GROUPS if arguments.show.startswith(group) or group.startswith(arguments.show)]
    results = {group: list(judge(group)) for group in wanted}
    for group, verdicts in results.items():
        print(summary(group, verdicts))
        for verdict in verdicts:
            name = f"{group}/{verdict.case}"
            if arguments.show and (name == arguments.show or (verdict.detail and name.startswith(arguments.show))):
                print(f"  {verdict.said}: {verdict.case} {verdict.because}\n{verdict.detail}")
            elif not arguments.show and verdict.said != "equal":
                print(f"  {verdict.said}: {group}/{verdict.case} {verdict.because}".rstrip())
    if arguments.write:
        (REPOSITORY / "docs" / "conformance.md").write_text(page(results))
    sys.exit(any(verdict.said == "different" for verdicts in results.values() for verdict in verdicts))


main()
