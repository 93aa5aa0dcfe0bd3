"""routes: the two existing formats of route tests, run unchanged by ``meshwright test``; single conditions too."""

from collections.abc import Iterator
from typing import Any

from click.testing import CliRunner

from benchmarks.conformance.corpus import CORPUS, load
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.analysis.matching import matches
from meshwright.analysis.regex import PatternError
from meshwright.analysis.subject import Subject
from meshwright.cli import main
from meshwright.frontends import MeshOptions
from meshwright.frontends.istio.matches import route_match
from meshwright.manifests import read
from meshwright.route_tests.router_check import RouterCheck

FOLDER = CORPUS / "routes"
STATUS = {"pass": {0}, "parse-ok": {0, 1}, "parse-error": {2}}
ANY_RULES = "istio-config-validator/virtualservice.yml"
ANY_TESTS = "istio-config-validator/virtualservice_test.yml"


def judge() -> Iterator[Verdict]:
    """Compare exit status, number of virtual hosts, and what single conditions say."""
    yield from each(load("routes/suites.json")["suites"], _suite, name="name")
    yield from each(load("routes/match.json")["cases"], _condition, name="name")


def _suite(suite: dict[str, Any]) -> Verdict:
    if suite["expect"] == "routes":
        resources = [resource for path in suite["config"] for resource in read(str(FOLDER / path))]
        check = RouterCheck(resources, MeshOptions(), suite["gateway"])
        hosts = {host.name for table in check.tables for rc in table.route_configurations for host in rc.virtual_hosts}
        return compare(suite["name"], suite["routes"], len(hosts))
    arguments = [str(FOLDER / path) for path in suite["tests"] or [ANY_TESTS]]
    for path in suite["config"] or [ANY_RULES]:
        arguments += ["--config", str(FOLDER / path)]
    arguments += ["--strict"] if suite.get("strict") else []
    arguments += ["--gateway", suite["gateway"]] if suite.get("gateway") else []
    run = CliRunner().invoke(main, ["test", *arguments])
    if run.exit_code in STATUS[suite["expect"]]:
        return Verdict(suite["name"], "equal")
    return Verdict(suite["name"], "different", f"expected {suite['expect']}, exit status {run.exit_code}\n{run.output}")


def _condition(case: dict[str, Any]) -> Verdict:
    asked = case["request"]
    headers = tuple((key.lower(), value) for key, value in asked.get("headers", {}).items())
    try:
        holds = matches(route_match(case["match"]))
        ours = holds(Subject(asked["method"], asked["authority"], asked["uri"], headers, "http", at_the_edge=False))
    except PatternError:
        ours = "error"
    return compare(case["name"], "error" if case["error"] else case["want"], ours)
