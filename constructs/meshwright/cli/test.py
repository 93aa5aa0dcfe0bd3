"""``meshwright test``: run route tests against manifests."""

import sys
from time import perf_counter

import click

from meshwright.cli.command import Command
from meshwright.cli.terminal import note
from meshwright.frontends import MeshOptions
from meshwright.manifests import Resource, read
from meshwright.report.printable import visible_line
from meshwright.route_tests.config_validator import ConfigValidator
from meshwright.route_tests.reading import files_of_tests, read_tests
from meshwright.route_tests.result import Result
from meshwright.route_tests.router_check import RouterCheck


@click.command(
    "test",
    cls=Command,
    examples=(
        ("meshwright test tests/routes.yaml", "The route tests of one file, against dist/."),
        ("meshwright test tests/routes --config main:dist", "Those of a folder, against the manifests of branch main."),
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--config", "-c", "sources", multiple=True, help="Manifests: folder, file, - or REV:PATH.  [default: dist]"
)
@click.option("--gateway", metavar="NAMESPACE/NAME", help="Meet this Gateway's routes; without it those of sidecars.")
@click.option("--strict", is_flag=True, help="Refuse fields that the test format does not know.")
@click.option("--cluster-domain", default="cluster.local", show_default=True, help="Of the names of Services.")
@click.option("--config-domain", help="Completes short host names in Istio's kinds.  [default: --cluster-domain]")
def command(
    files: tuple[str, ...],
    sources: tuple[str, ...],
    gateway: str | None,
    strict: bool,
    cluster_domain: str,
    config_domain: str | None,
) -> None:
    """Run the route tests in FILE… against manifests.

    A FILE may be a folder of YAML files. Two formats are understood: testCases (istio-config-validator) and tests
    (Envoy's router check tool, as istio-router-check uses it).

    Exit status: 0 all passed, 1 some failed, 2 the tests or the manifests could not be read.
    """
    started = perf_counter()
    options = MeshOptions(cluster_domain, config_domain)
    resources = [each for source in sources or ("dist",) for each in read(source)]
    results = _run(files, resources, options, gateway, strict)
    failed = [each for each in results if not each.passed]
    for each in failed:
        click.echo(visible_line(f"FAILED {each.file}: {each.name}"))
        for failure in each.failures:
            click.echo(visible_line(f"    {failure}"))
    counts = [f"{len(failed)} failed"] if failed else []
    counts.append(f"{len(results) - len(failed)} passed")
    click.echo(f"{', '.join(counts)} in {perf_counter() - started:.2f} s")
    sys.exit(1 if failed else 0)


def _run(
    files: tuple[str, ...], resources: list[Resource], options: MeshOptions, gateway: str | None, strict: bool
) -> list[Result]:
    """Return all results, and print one character a test as they come."""
    judges: dict[str, ConfigValidator | RouterCheck] = {}
    results: list[Result] = []
    for file in files_of_tests(files):
        kind, tests = read_tests(file)
        if kind not in judges:
            validator = kind == "istio-config-validator"
            judges[kind] = ConfigValidator(resources) if validator else RouterCheck(resources, options, gateway)
        here = list(judges[kind].judge(file, tests, strict=strict))
        note(visible_line(f"{file} ") + "".join("." if each.passed else "F" for each in here), err=False)
        results += here
    return results
