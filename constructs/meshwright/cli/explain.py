"""``meshwright explain``: say where a request goes, and why."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from meshwright.analysis.decision import Decision
from meshwright.analysis.entry import Questions, request_to
from meshwright.cli.command import Command
from meshwright.cli.mesh_of import mesh_of
from meshwright.cli.mesh_options import files
from meshwright.cli.paint import DECISIONS, painted
from meshwright.cli.terminal import progress
from meshwright.errors import InputError
from meshwright.frontends import MeshOptions
from meshwright.manifests.garbage import collecting_no_garbage
from meshwright.progress import steps
from meshwright.report.explain_json import AnswerWriter, decision_json
from meshwright.report.explain_text import decisions_text
from meshwright.traffic import Proxy

ANSWERED = ("route", "redirect", "direct_response")
DISAGREES = 3


@click.command(
    "explain",
    cls=Command,
    examples=(
        ("meshwright explain dist GET http://bookinfo.example.com/productpage", "Where a request to the gateway goes."),
        (
            "meshwright explain dist GET http://reviews:9080/ -H end-user:jason --from default/productpage",
            "Where one goes that a workload sends.",
        ),
    ),
)
@click.argument("folder", shell_complete=files)
@click.argument("method", required=False)
@click.argument("url", required=False)
@click.option("-H", "--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header of the request.")
@click.option("--from", "source", metavar="NAMESPACE/APP", help="The workload whose sidecar sends the request.")
@click.option("--proxy", "named", metavar="PROXY", help="Ask this proxy alone: router/NAMESPACE/app=x,istio=y.")
@click.option("--requests", "file", metavar="FILE.json", help="Many requests: [{method, url, headers, from}].")
@click.option("--on-envoy", is_flag=True, help="Ask a real Envoy too, and fail if it disagrees.")
@click.option("--cluster-domain", default="cluster.local", show_default=True, help="Of the names of Services.")
@click.option("--config-domain", help="Completes short host names in Istio's kinds.  [default: --cluster-domain]")
@click.option("--root-namespace", default="istio-system", show_default=True, help="Where istiod runs.")
@click.option("--format", "style", type=click.Choice(["json", "text"]), default="text", show_default=True)
def command(
    folder: str,
    method: str | None,
    url: str | None,
    headers: tuple[str, ...],
    source: str | None,
    named: str | None,
    file: str | None,
    on_envoy: bool,
    cluster_domain: str,
    config_domain: str | None,
    root_namespace: str,
    style: str,
) -> None:
    """Say where the request METHOD URL goes in the mesh of FOLDER, and why.

    FOLDER may also be a file, - for standard input, or REV:PATH in git. The request enters at the ingress gateway by
    host and port of the URL, or with --from leaves a workload through its sidecar. Where several gateways serve host
    and port, each answers.

    Exit status: 0 a route answers, 1 none does, 2 the input is unusable, 3 a real Envoy disagrees (--on-envoy).
    """
    tell = _teller(style, many=file is not None)
    texts: list[str] = []
    decided: list[Decision] = []
    answered = True
    with collecting_no_garbage(), progress():
        asked = _asked(method, url, headers, source, file)
        proxy = None if named is None else Proxy.from_text(named)
        questions = Questions(mesh_of(folder, MeshOptions(cluster_domain, config_domain, root_namespace)))
        for each in steps(asked, "asking"):
            request = request_to(each["method"], each["url"], each["headers"])
            decisions = questions.ask(request, each["from"], proxy)
            texts.append(tell(decisions))
            answered = answered and all(decision.outcome in ANSWERED for decision in decisions)
            if on_envoy:
                decided += decisions
    _print(texts, style, many=file is not None)
    if on_envoy and _disagrees(decided):
        sys.exit(DISAGREES)
    sys.exit(0 if answered else 1)


def _asked(
    method: str | None, url: str | None, headers: tuple[str, ...], source: str | None, file: str | None
) -> list[dict[str, Any]]:
    """Return the requests in question, as ``{method, url, headers, from}`` each."""
    if file is not None:
        if method is not None:
            raise InputError("--requests", "the command line asks for a request too", "Give one of them")
        return [_from_file(file, number, each, source) for number, each in enumerate(_listed(file))]
    if method is None or url is None:
        raise InputError("explain", "there is no request to ask for", "Give METHOD and URL, or --requests FILE.json")
    return [{"method": method, "url": url, "headers": [_header(each) for each in headers], "from": source}]


def _header(written: str) -> tuple[str, str]:
    name, colon, value = written.removeprefix(":").partition(":")
    if not colon or not name.strip():
        raise InputError("-H", f'"{written}" is no header', "Write NAME:VALUE")
    return (f":{name}" if written.startswith(":") else name), value


def _listed(file: str) -> list[Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        listed = json.loads(text)
    except OSError as error:
        raise InputError(file, f"cannot be read: {error.strerror}", "Give a file of requests") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(file, f"is not JSON: {error}", "Write a list of requests") from error
    if not isinstance(listed, list):
        raise InputError(file, "is not a list", 'Write [{"method": "GET", "url": "http://…"}, …]')
    return listed


def _from_file(file: str, number: int, written: Any, source: str | None) -> dict[str, Any]:
    where = f"{file}[{number}]"
    url = written.get("url") if isinstance(written, dict) else None
    if not isinstance(url, str):
        raise InputError(where, "has no url", 'Write {"method": "GET", "url": "http://…"}')
    headers = written.get("headers") or {}
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    told = [(name, value) for name, values in _pairs(where, pairs) for value in values]
    return {
        "method": written.get("method") or "GET",
        "url": url,
        "headers": told,
        "from": written.get("from") or source,
    }


def _pairs(where: str, pairs: Any) -> Iterable[tuple[str, list[str]]]:
    """Yield each header with its values, from a mapping or a list of pairs."""
    wrong = InputError(where, "its headers are no names with values", 'Write {"headers": {"name": "value"}}')
    if not isinstance(pairs, list):
        raise wrong
    for pair in pairs:
        if isinstance(pair, str):
            name, value = _header(pair)
            yield name, [value]
        elif isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str):
            yield pair[0], [str(each) for each in (pair[1] if isinstance(pair[1], list) else [pair[1]])]
        else:
            raise wrong


def _teller(style: str, *, many: bool) -> Callable[[tuple[Decision, ...]], str]:
    """Return what tells the decisions about one request."""
    if style == "text":
        return decisions_text
    if many:
        return AnswerWriter().answer
    return lambda decisions: json.dumps([decision_json(each) for each in decisions], indent=2)


def _print(texts: list[str], style: str, *, many: bool) -> None:
    before, between, after = ("[\n", ",\n", "\n]\n") if many else ("", "", "\n")
    if style == "text":
        click.echo(painted("\n".join(texts), DECISIONS), nl=False)
        return
    sys.stdout.write(before)
    for number, text in enumerate(texts):
        sys.stdout.write(f"{between}{text}" if number else text)
    sys.stdout.write(after)
    sys.stdout.flush()


def _disagrees(decisions: list[Decision]) -> bool:
    """Tell whether a real Envoy answers otherwise, and say each time how."""
    from meshwright.cli.on_envoy import differences

    found = differences(decisions)
    for each in found:
        click.echo(each, err=True)
    return bool(found)
