"""Documents to Resources: which documents are Kubernetes objects, Lists taken apart, namespaces, duplicates."""

from typing import Any

from meshwright.errors import DefinedTwice, Errors, InputError, MeshwrightError
from meshwright.manifests.documents import Chunk, chunks_of
from meshwright.manifests.resource import Resource
from meshwright.manifests.scope import ClusterScope
from meshwright.manifests.text import Text, TextPlace

FOR_TOOLS = ("kustomize.config.k8s.io/", "skaffold/", "kind.x-k8s.io/")
"""API groups whose objects are read by programs on a machine, and never reach a cluster."""


class Collector:
    """Collects the objects of many texts, and everything that is wrong with them.

    Args:
        default_namespace: For objects that name none and need one.
    """

    def __init__(self, default_namespace: str = "default") -> None:
        self.default_namespace = default_namespace
        self.scope = ClusterScope()
        self.resources: list[Resource] = []
        self.errors: list[MeshwrightError] = []
        self._found: list[tuple[dict[str, Any], TextPlace]] = []

    def add(self, text: str, file: str, must_be_manifests: bool) -> None:
        """Take the objects of one text.

        Args:
            must_be_manifests: Whether a document that is no Kubernetes object is an error. In a folder it is one only
                beside objects in the same file, or if the text looks like an object, as Argo CD sees it.
        """
        source = Text(file, text)
        chunks = chunks_of(text)
        strict = must_be_manifests or _looks_like_manifest(text)
        for chunk in chunks:
            ours = False
            for number, body in enumerate(chunk.documents):
                if body is None:
                    continue
                place = TextPlace(source, chunk.start, chunk.end, number)
                if isinstance(body, dict) and "kind" in body and "apiVersion" in body:
                    ours = strict = True
                    self._add_object(body, place)
                elif strict:
                    self._error(
                        place, _why_no_object(body), "Give Kubernetes objects: each has apiVersion, kind and metadata"
                    )
            if chunk.unreadable or ours:
                self._add_problems(chunk, source)

    def finish(self) -> list[Resource]:
        """Return the objects in the order in which they were added.

        Raises:
            InputError: One thing is wrong. Errors: several are.
        """
        self.scope.learn(body for body, _ in self._found)
        seen: dict[tuple[str, str, str, str], Resource] = {}
        for body, place in self._found:
            resource = self._resource(body, place)
            if resource is None:
                continue
            self.resources.append(resource)
            group = resource.api_version.rpartition("/")[0]
            first = seen.setdefault((group, resource.kind, resource.namespace, resource.name), resource)
            if first is not resource and "name" in body["metadata"]:
                self._duplicate(first, resource)
        if self.errors:
            raise self.errors[0] if len(self.errors) == 1 else Errors(self.errors)
        return self.resources

    def _add_object(self, body: dict[str, Any], place: TextPlace) -> None:
        kind = body["kind"]
        items = body.get("items")
        is_list = isinstance(kind, str) and kind.endswith("List") and "spec" not in body and "items" in body
        if not is_list:
            if not str(body["apiVersion"]).startswith(FOR_TOOLS):
                self._found.append((body, place))
            return
        if items is not None and not isinstance(items, list):
            self._error(place, f"items of {kind} is no list", "Write a list of objects", "items")
            return
        for position, item in enumerate(items or ()):
            inside = TextPlace(
                place.text, place.start, place.end, place.number, _join(place.path, f"items[{position}]")
            )
            if isinstance(item, dict) and kind != "List":
                item = {"apiVersion": body["apiVersion"], "kind": kind.removesuffix("List"), **item}
            if isinstance(item, dict) and "kind" in item and "apiVersion" in item:
                self._add_object(item, inside)
            else:
                self._error(
                    inside, f"item {position} of {kind}: {_why_no_object(item)}", "Give each item apiVersion and kind"
                )

    def _resource(self, body: dict[str, Any], place: TextPlace) -> Resource | None:
        api_version, kind, metadata = body["apiVersion"], body["kind"], body.get("metadata")
        if not isinstance(api_version, str) or not isinstance(kind, str) or not kind or not api_version:
            self._error(place, f"apiVersion is {api_version!r} and kind is {kind!r}", "Write both as text")
            return None
        if not isinstance(metadata, dict):
            self._error(place, f"{kind} without metadata", "Add metadata with a name")
            return None
        name, namespace = metadata.get("name") or metadata.get("generateName"), metadata.get("namespace")
        if not isinstance(name, str):
            wrong = (
                f"{kind} without a name" if name is None else f"the name of this {kind} is {name!r}, which is no text"
            )
            self._error(place, wrong, "Set metadata.name, in quotes where YAML reads something else", "metadata.name")
            return None
        if not isinstance(namespace, str | None):
            wrong = f"the namespace of {kind} {name} is {namespace!r}, which is no text"
            self._error(place, wrong, "Put metadata.namespace in quotes", "metadata.namespace")
            return None
        wide = self.scope.is_cluster_wide(api_version, kind)
        return Resource(body, api_version, kind, "" if wide else namespace or self.default_namespace, name, place)

    def _duplicate(self, first: Resource, second: Resource) -> None:
        assert isinstance(first.place, TextPlace) and isinstance(second.place, TextPlace)
        earlier = f"{first.place.file}:{first.place.line_of('')}"
        wrong = f"{second} is already defined at {earlier}, and only one of the two can reach the cluster"
        remedy = "Keep one of them, or read one environment (or one built Kustomize overlay) at a time"
        place = second.place
        self.errors.append(DefinedTwice(f"{place.file}:{place.line_of('')}", wrong, remedy))

    def _add_problems(self, chunk: Chunk, source: Text) -> None:
        for problem in chunk.problems:
            where = f"{source.file}:{problem.line}"
            if chunk.unreadable and "{{" in source.content[chunk.start : chunk.end]:
                wrong = f"{problem.wrong}; with {{{{ in it this looks like a template"
                self.errors.append(
                    InputError(where, wrong, "Render it first: helm template CHART | meshwright explain - …")
                )
            else:
                self.errors.append(InputError(where, problem.wrong, problem.remedy))

    def _error(self, place: TextPlace, wrong: str, remedy: str, field: str = "") -> None:
        self.errors.append(InputError(f"{place.file}:{place.line_of(field)}", wrong, remedy))


def _looks_like_manifest(text: str) -> bool:
    return "apiVersion:" in text and "kind:" in text and "metadata:" in text


def _why_no_object(body: Any) -> str:
    if not isinstance(body, dict):
        return f"a {_JSON_NAMES.get(type(body), 'value')} instead of a Kubernetes object"
    missing = [key for key in ("apiVersion", "kind") if key not in body]
    return f"no Kubernetes object: {' and '.join(missing)} missing"


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


_JSON_NAMES = {list: "list", str: "text", bool: "boolean", int: "number", float: "number"}
