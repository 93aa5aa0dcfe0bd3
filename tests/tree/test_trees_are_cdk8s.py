"""Names, order, layout and text of whole trees are those of the real cdk8s."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from meshwright import tree
from meshwright.errors import MeshwrightError
from tests.tree.reference import ask_cdk8s
from tests.tree.strategies import collected, trees

COUNT = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL", "120"))


def alive(value: Any) -> Any:
    if isinstance(value, list):
        return [alive(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$lazy" in value:
        return tree.Lazy.any(lambda: alive(value["$lazy"]))
    return {key: alive(item) for key, item in value.items()}


def patch(op: dict[str, Any]) -> tree.JsonPatch:
    if op["op"] in ("copy", "move"):
        return getattr(tree.JsonPatch, op["op"])(op["from"], op["path"])
    if op["op"] == "remove":
        return tree.JsonPatch.remove(op["path"])
    return getattr(tree.JsonPatch, op["op"])(op["path"], op["value"])


def grow(scope: tree.Construct, node: dict[str, Any], grown: list[tree.Construct]) -> None:
    options = node["options"]
    construct: tree.Construct
    if node["type"] == "chart":
        construct = tree.Chart(
            scope,
            node["id"],
            namespace=options.get("namespace"),
            labels=options.get("labels"),
            disable_resource_name_hashes=options.get("disableResourceNameHashes"),
        )
    elif node["type"] == "object":
        fields = {key: alive(value) for key, value in options.items() if key not in ("apiVersion", "kind", "metadata")}
        construct = tree.ApiObject(
            scope,
            node["id"],
            api_version=options["apiVersion"],
            kind=options["kind"],
            metadata=options.get("metadata"),
            **fields,
        )
        construct.add_json_patch(*map(patch, node.get("patches", ())))
    else:
        construct = tree.Construct(scope, node["id"])
    grown.append(construct)
    for child in node.get("children", ()):
        grow(construct, child, grown)


def files(folder: Path) -> dict[str, str | None]:
    out: dict[str, str | None] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        out[name + "/" if path.is_dir() else name] = None if path.is_dir() else path.read_bytes().decode()
    return out


def ours(case: dict[str, Any], outdir: Path) -> dict[str, Any]:
    options = case["options"]
    try:
        app = tree.App(
            outdir=str(outdir),
            output_file_extension=options.get("outputFileExtension"),
            record_construct_metadata=options.get("recordConstructMetadata"),
            yaml_output_type=tree.YamlOutputType[options["layout"]],
        )
        grown: list[tree.Construct] = []
        for child in case["children"]:
            grow(app, child, grown)
        for source, target in case["dependencies"]:
            grown[source].node.add_dependency(grown[target])
        app.synth()
    except MeshwrightError as problem:
        return {"error": str(problem)}
    return {
        "answer": {
            "files": files(outdir),
            "paths": [one.node.path for one in grown],
            "names": [one.name if isinstance(one, tree.ApiObject) else None for one in grown],
            "addrs": [one.node.addr for one in grown],
            "text": app.synth_yaml(),
        }
    }


def size(nodes: list[dict[str, Any]]) -> int:
    return sum(1 + size(node.get("children", [])) for node in nodes)


@pytest.mark.jsii
def test_random_trees_become_the_files_that_cdk8s_writes(tmp_path: Path) -> None:
    cases = collected(trees, COUNT)
    for case in cases:
        count = size(case["children"])
        pairs = {(source % count, target % count) for source, target in case.pop("links")} if count else set()
        case["dependencies"] = sorted((source, target) for source, target in pairs if source != target)
    wrong = []
    for number, (case, theirs) in enumerate(zip(cases, ask_cdk8s(cases), strict=True)):
        mine = ours(case, tmp_path / str(number))
        if ("error" in mine) != ("error" in theirs) or mine.get("answer") != theirs.get("answer"):
            wrong.append((len(json.dumps(case)), json.dumps(case), theirs, mine))
    shortest = min(wrong, default=(0, "", {}, {}), key=lambda one: one[0])
    assert shortest[3] == shortest[2], f"{len(wrong)} of {len(cases)} differ, the shortest: {shortest[1]}"
