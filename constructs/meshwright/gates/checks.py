"""The checks of ``meshwright check``, asked at synth: each finding names the construct and the user's own line."""

from collections.abc import Iterator, Mapping

from meshwright.errors import ConfigurationError, Errors, MeshwrightError
from meshwright.tree.gates import Output, Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from meshwright.analysis.finding import Finding
    from meshwright.manifests.resource import Resource

_TOLD = ("error", "warning")
_NEVER_WRITTEN = "MW871"
"""Secrets as they are: a warning where they stand already, and refused before git keeps them for ever."""


def look(output: Output) -> Iterator[Told]:
    """Check the folder as it will be: what is about to be written, and the manifests that stay beside it."""
    if not any(output.files.values()):
        return
    from meshwright.manifests.garbage import collecting_no_garbage

    with collecting_no_garbage():
        yield from _told(output)


def _told(output: Output) -> Iterator[Told]:
    from meshwright.checks.baseline import read_baseline, without
    from meshwright.checks.configuration import configured
    from meshwright.checks.registry import all_checks
    from meshwright.checks.run import examine, is_failure
    from meshwright.frontends import compile_mesh
    from meshwright.frontends.configured import configured_mesh

    settings, options, checks = configured(), configured_mesh(), all_checks()
    known = read_baseline(settings.baseline) if settings.baseline is not None else []
    meshes, problems = _clusters(output)
    yield from problems
    findings: list[Finding] = []
    for resources in meshes:
        findings += examine(compile_mesh(resources, options), resources, settings, checks)[0]
    for finding in without(findings, known)[0]:
        fails = is_failure(finding, settings.fail_on) or finding.code == _NEVER_WRITTEN
        if fails or finding.severity in _TOLD:
            yield Told(_problem(output, finding), refuses=fails)


def _clusters(output: Output) -> "tuple[list[list[Resource]], list[Told]]":
    """Read what will stand in the folder: as that of one cluster, or of one for each folder in it, or for each file.

    Returns:
        The objects of each cluster, and what keeps others from being read.
    """
    from meshwright.manifests.folder import SUFFIXES

    texts = {
        name: content
        for name, content in sorted({**output.staying, **output.files}.items())
        if content and name.endswith(SUFFIXES)
    }
    try:
        return [_read(output, texts)], []
    except MeshwrightError as error:
        whole = error.errors[0] if isinstance(error, Errors) else error
    clusters, problems = _apart(output, texts, lambda name: name.partition("/")[0] if "/" in name else "")
    if problems:
        clusters, problems = _apart(output, texts, lambda name: name)
        if not problems:  # each is sound: the folder is for several clusters
            whole = _at(output, whole)
            wrong = f"{whole.wrong}; each file was checked by itself"
            problems = [Told(type(whole)(whole.where, wrong, whole.remedy), refuses=False)]
    return clusters, problems


def _apart(
    output: Output, texts: Mapping[str, bytes], cluster_of: "Callable[[str], str]"
) -> "tuple[list[list[Resource]], list[Told]]":
    parts: dict[str, dict[str, bytes]] = {}
    for name, content in texts.items():
        parts.setdefault(cluster_of(name), {})[name] = content
    clusters: list[list[Resource]] = []
    problems: list[Told] = []
    for part in parts.values():
        try:
            clusters.append(_read(output, part))
        except MeshwrightError as error:
            several = error.errors if isinstance(error, Errors) else (error,)
            problems += [Told(_at(output, each), refuses=True) for each in several]
    return clusters, problems


def _read(output: Output, texts: Mapping[str, bytes]) -> "list[Resource]":
    """Return the objects of files.

    Raises:
        InputError: One thing is wrong. Errors: several are.
    """
    from meshwright.manifests.objects import Collector
    from meshwright.manifests.text import decode

    collector = Collector()
    for name, content in texts.items():
        file = f"{output.outdir}/{name}"
        collector.add(decode(content, file), file, must_be_manifests=False)
    return collector.finish()


def _at(output: Output, error: MeshwrightError) -> MeshwrightError:
    """Let what is wrong with a file that is about to be written name the construct and the user's line."""
    file, _, line = error.where.rpartition(":")
    name = file.removeprefix(f"{output.outdir}/")
    if name not in output.files or not line.isdecimal():
        return error
    before = output.files[name].split(b"\n")[: int(line)]
    made = output.made.get((name, before.count(b"---")))
    return error if made is None else made.problem(error.wrong, error.remedy)


def _problem(output: Output, finding: "Finding") -> MeshwrightError:
    from meshwright.manifests.text import TextPlace
    from meshwright.report.findings_text import place_text
    from meshwright.report.printable import visible_line

    origin = finding.origin
    wrong = visible_line(f"{origin.resource}{origin.field and f' {origin.field}'}: {finding.wrong}")
    remedy = visible_line(f"{finding.remedy} [{finding.code}]")
    made = None
    if isinstance(origin.place, TextPlace):
        made = output.made.get((origin.place.file.removeprefix(f"{output.outdir}/"), origin.place.document))
    if made is None:
        return ConfigurationError(place_text(finding), wrong, remedy)
    return made.problem(wrong, remedy, origin.field)
