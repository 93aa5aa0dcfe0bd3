"""The gate of ``synth``: what is about to be written, held against the same folder in the last commit.

Without git, without a commit and for a folder that is not in it, nothing is asked; nor is it where nothing would be
written, so that a change that was accepted once is not asked for again. A program that is made to write elsewhere first
(tools/cdk8s.py does that) is told by ``MESHWRIGHT_STANDS_IN`` where its output will stand.
"""

import os

from meshwright.errors import ConfigurationError, MeshwrightError
from meshwright.tree.gates import Told
from meshwright.tree.output import changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshwright.guards.refusals import Refusal
    from meshwright.manifests import Resource
    from meshwright.tree.gates import Made, Output

_SUFFIXES = (".yaml", ".yml", ".json")
_METADATA = "construct-metadata.json"


def look(output: "Output") -> "Iterable[Told]":
    """Tell what of a change is refused."""
    folder = os.environ.get("MESHWRIGHT_STANDS_IN") or output.outdir
    try:
        changed, gone = changes(os.path.realpath(folder), dict(output.files), output.app.output_file_extension)
    except OSError:  # who writes there will tell
        return
    if not output.outdir or not (changed or gone):
        return
    from meshwright.guards.committed import committed

    old = committed(folder)
    if old is None:
        return
    new = {**output.staying, **output.files}
    if not old.holds(new, _SUFFIXES):
        names = [name for name in old.blobs if name.endswith(_SUFFIXES)]
        yield from _asked(output, folder, old.contents(names), new)


def _asked(output: "Output", folder: str, old: "Mapping[str, bytes]", new: "Mapping[str, bytes]") -> "Iterator[Told]":
    from meshwright.frontends import compile_mesh
    from meshwright.guards.permission import permission_of_environment
    from meshwright.guards.refusals import refusals

    permission = permission_of_environment()
    try:
        clusters = _clusters(old, new, folder)
    except MeshwrightError as problem:
        first = str(problem).partition("\n")[0]
        wrong = f"it could not be compared with the last commit: {first}"
        yield Told(ConfigurationError(folder, wrong, ""), refuses=False)
        return
    made = {(f"{folder}/{each.file}", title): each for each in output.objects for title in _titles(each)}
    for before, after in clusters:
        for refusal in refusals(compile_mesh(before), compile_mesh(after), permission):
            yield Told(_problem(refusal, made, folder), refuses=True)


def _clusters(
    old: "Mapping[str, bytes]", new: "Mapping[str, bytes]", folder: str
) -> "list[tuple[list[Resource], list[Resource]]]":
    """Read what stood and what will stand in the folder: as that of one cluster, or of one for each folder in it.

    Raises:
        MeshwrightError: It cannot be read either way.
    """
    try:
        return [(_read(old, f"HEAD:{folder}"), _read(new, folder))]
    except MeshwrightError:
        parts = {_part(name) for name in (*old, *new)}
        if len(parts) == 1:
            raise
    return [
        (_read(_of_part(part, old), f"HEAD:{folder}"), _read(_of_part(part, new), folder)) for part in sorted(parts)
    ]


def _part(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _of_part(part: str, files: "Mapping[str, bytes]") -> "dict[str, bytes]":
    return {name: content for name, content in files.items() if _part(name) == part}


def _titles(made: "Made") -> "tuple[str, str]":
    """Return what an object is called if its kind belongs to namespaces, and if it does not."""
    body = made.json
    metadata = body.get("metadata") or {}
    kind, name = body.get("kind"), metadata.get("name")
    return f"{kind} {metadata.get('namespace') or 'default'}/{name}", f"{kind} {name}"


def _problem(refusal: "Refusal", made: "Mapping[tuple[str, str], Made]", folder: str) -> ConfigurationError:
    origin = refusal.origin
    place = origin.place if origin is not None else None
    if origin is None or place is None:
        return ConfigurationError(folder, refusal.wrong, refusal.remedy)
    maker = made.get((place.file, origin.resource))
    if maker is not None:
        return maker.problem(refusal.wrong, refusal.remedy)
    return ConfigurationError(f"{place.file}:{place.line_of(origin.field)}", refusal.wrong, refusal.remedy)


def _read(files: "Mapping[str, bytes]", where: str) -> "list[Resource]":
    from meshwright.manifests.objects import Collector
    from meshwright.manifests.text import decode

    collector = Collector()
    for name, content in sorted(files.items()):
        if name.endswith(_SUFFIXES) and name != _METADATA:
            collector.add(decode(content, f"{where}/{name}"), f"{where}/{name}", must_be_manifests=False)
    return collector.finish()
