"""What a change does to objects beside traffic: images, replicas, resources, the environment, selectors; what is new
and what is gone.

Objects that shape traffic are told as added or removed alone: what they change is told by the requests it touches.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshwright.analysis.traffic_diff.change import Aspect, ObjectChange
from meshwright.manifests.resource import Resource

Key = tuple[str, str, str, str]

_OF_TRAFFIC = frozenset(
    {
        "networking.istio.io",
        "security.istio.io",
        "gateway.networking.k8s.io",
        "extensions.istio.io",
        "telemetry.istio.io",
    }
)
_LONGEST = 48
_MOST = 8


def object_changes(before: Iterable[Resource], after: Iterable[Resource]) -> tuple[ObjectChange, ...]:
    """Return what happens to objects: those that changed, then those that are new, then those that are gone."""
    old, new = _by_key(before), _by_key(after)
    changed = [
        ObjectChange("changed", str(two), aspects, two.origin())
        for key, two in new.items()
        if (one := old.get(key)) is not None and one.body is not two.body and (aspects := _aspects(one, two))
    ]
    added = [ObjectChange("added", str(each), origin=each.origin()) for key, each in new.items() if key not in old]
    removed = [ObjectChange("removed", str(each), origin=each.origin()) for key, each in old.items() if key not in new]
    return (*changed, *added, *removed)


def _by_key(resources: Iterable[Resource]) -> dict[Key, Resource]:
    return {(_group(each), each.kind, each.namespace, each.name): each for each in resources}


def _group(resource: Resource) -> str:
    group, slash, _ = resource.api_version.partition("/")
    return group if slash else ""


def _aspects(before: Resource, after: Resource) -> tuple[Aspect, ...]:
    if _group(after) in _OF_TRAFFIC:
        return ()
    one, two = dict(_settings(before)), dict(_settings(after))
    found = [
        Aspect(name, *_brief(one.get(name, ""), two.get(name, "")))
        for name in {**one, **two}
        if one.get(name, "") != two.get(name, "")
    ]
    if len(found) > _MOST:
        return (*found[:_MOST], Aspect("other fields", "", f"{len(found) - _MOST}"))
    return tuple(found)


def _settings(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield what an object says, by the words that a reader has for it."""
    body = resource.body
    if resource.kind in ("Secret", "ConfigMap"):
        for part in ("data", "stringData", "binaryData"):
            for key, value in _section(body.get(part)).items():
                yield key, _secret(value) if resource.kind == "Secret" else _text(value)
        return
    spec = _section(body.get("spec"))
    template = _template(resource.kind, spec)
    for path, value in _leaves("", spec):
        if template is None or not path.startswith(template):
            yield path, value
    if template is None:
        yield from _rest(body)
        return
    pod = spec
    for step in template.split("."):
        pod = _section(pod.get(step))
    for name, value in _leaves("labels", _section(_section(pod.get("metadata")).get("labels"))):
        yield f"pod {name}", value
    yield from _of_pod(_section(pod.get("spec")))


def _template(kind: str, spec: Mapping[str, Any]) -> str | None:
    if kind == "CronJob":
        return "jobTemplate.spec.template"
    return "template" if isinstance(_section(spec.get("template")).get("spec"), dict) else None


def _rest(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what stands beside metadata, spec and status."""
    others = {key: value for key, value in body.items() if key not in _USUAL}
    yield from _leaves("", others)


_USUAL = ("apiVersion", "kind", "metadata", "spec", "status")


def _of_pod(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    lists = ("containers", "initContainers", "ephemeralContainers")
    several = sum(len(_entries(spec.get(each))) for each in lists) > 1
    for kind in lists:
        for number, container in enumerate(_entries(spec.get(kind))):
            name = str(container.get("name", number))
            before = f"{name} " if several else ""
            for path, value in _leaves(
                "", {key: each for key, each in container.items() if key not in ("env", "name")}
            ):
                yield f"{before}{path}", value
            for variable in _entries(container.get("env")):
                source = variable.get("valueFrom")
                told = _text(variable.get("value")) if source is None else _text(f"from {source}")
                yield f"{before}env {variable.get('name', '')}", told
    yield from _leaves("pod", {key: value for key, value in spec.items() if key not in lists})


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(f"{path}[{number}]", inner)
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    text = "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return " ".join(text.split()) or '""'


def _brief(before: str, after: str) -> tuple[str, str]:
    """Return two texts, long ones without what they begin with alike and without their ends."""
    if max(len(before), len(after)) <= _LONGEST:
        return before, after
    alike = next((place for place, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), 0)
    start = max(before.rfind("/", 0, alike) + 1, alike - _LONGEST // 3, 0) if before and after else 0
    told = [f"{'…' if start else ''}{each[start:]}" if each else "" for each in (before, after)]
    one, two = (each if len(each) <= _LONGEST else f"{each[: _LONGEST - 1]}…" for each in told)
    return one, two


def _secret(value: Any) -> str:
    """Return a mark that changes with a value and does not tell it."""
    return f"#{_mark(str(value))}"


def _mark(text: str) -> str:
    from hashlib import sha256  # few objects need it

    return sha256(text.encode()).hexdigest()[:6]


def _section(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
