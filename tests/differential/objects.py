"""Random objects of Istio's kinds, right and wrong: a plain one grows by fields of its schema, then breaks."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import yaml

from meshwright.checks import Inventory
from meshwright.checks.admission import judged
from meshwright.checks.schemas import misfits, refusals
from meshwright.checks.validation import Fault, faults
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text

PLAIN: dict[str, tuple[str, dict[str, Any]]] = {
    "AuthorizationPolicy": ("security", {"rules": [{"from": [{"source": {"namespaces": ["a"]}}]}]}),
    "DestinationRule": ("networking", {"host": "cart", "trafficPolicy": {"connectionPool": {"tcp": {}}}}),
    "EnvoyFilter": (
        "networking",
        {"configPatches": [{"applyTo": "CLUSTER", "patch": {"operation": "MERGE", "value": {"name": "x"}}}]},
    ),
    "Gateway": (
        "networking",
        {"servers": [{"hosts": ["a.com"], "port": {"number": 80, "name": "http", "protocol": "HTTP"}}]},
    ),
    "PeerAuthentication": ("security", {"selector": {"matchLabels": {"app": "cart"}}}),
    "ProxyConfig": ("networking", {}),
    "RequestAuthentication": ("security", {"jwtRules": [{"issuer": "a"}]}),
    "ServiceEntry": (
        "networking",
        {"hosts": ["a.com"], "resolution": "DNS", "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}]},
    ),
    "Sidecar": (
        "networking",
        {
            "egress": [{"hosts": ["./*"]}],
            "ingress": [{"port": {"number": 80, "protocol": "HTTP"}, "defaultEndpoint": "127.0.0.1:80"}],
        },
    ),
    "Telemetry": ("telemetry", {"tracing": [{"providers": [{"name": "a"}]}]}),
    "TrafficExtension": ("extensions", {"lua": {"inlineCode": "x"}}),
    "VirtualService": (
        "networking",
        {"hosts": ["a.com"], "http": [{"route": [{"destination": {"host": "cart"}}]}]},
    ),
    "WasmPlugin": ("extensions", {"url": "oci://a.com/b"}),
    "WorkloadEntry": ("networking", {"address": "10.0.0.1"}),
    "WorkloadGroup": ("networking", {"template": {}, "probe": {"tcpSocket": {"port": 80}}}),
}
"""A plain object of each kind: the module of its schema, and its spec."""

Pools = dict[str, tuple[list[Any], list[Any]]]


def _pools(part: str) -> Pools:
    """Return the right and the odd values by the name of a field."""
    return {
        field: (list(map(_written, group["right"])), list(map(_written, group.get("odd", ()))))
        for group in VALUES[part]
        for field in group["fields"]
    }


def _written(value: Any) -> Any:
    """Return a value; a long one is written as what it repeats."""
    if not isinstance(value, dict):
        return value
    return value.get("before", "") + value["repeat"] * value["times"] + value.get("behind", "")


VALUES = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text(encoding="utf-8"))
POOLS, MAP_KEYS, NUMBERS, PIECES = map(_pools, ("values", "keys", "numbers", "pieces"))


class Objects:
    """Makes objects of one kind."""

    def __init__(self, kind: str, random: Random) -> None:
        self.kind = kind
        self.random = random
        module, self._plain = PLAIN[kind]
        self._types = import_module(f"meshwright.imports.istio.{module}").TYPES
        self._version = self._types.kinds[kind][0]
        self._oddity = 0.0

    def one(self) -> dict[str, Any]:
        """Return an object."""
        random = self.random
        spec = copy.deepcopy(self._plain)
        self._oddity = random.choice((0.0, 0.0, 0.03, 0.1, 0.3))
        for _ in range(random.choice((0, 1, 1, 2, 3, 5))):
            self._grow(spec)
        for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
            self._damage(spec)
        metadata: dict[str, Any] = {"name": "a", "namespace": "default"}
        if random.random() < 0.03:
            metadata["name"] = random.choice(["a.b", "A", "a"])
        if random.random() < 0.03:
            name = random.choice(["istio.io/dry-run", "internal.istio.io/parents", "x"])
            metadata["annotations"] = {name: random.choice(["true", "x", "F"])}
        if self.kind == "ServiceEntry" and random.random() < 0.2:
            label = random.choice(["networking.istio.io/enable-autoallocate-ip", "istio.io/use-waypoint"])
            metadata["labels"] = {label: random.choice(["false", "False", "true", "none", "w"])}
        return {"apiVersion": self._version, "kind": self.kind, "metadata": metadata, "spec": spec}

    def _grow(self, spec: dict[str, Any]) -> None:
        types, name, holder = self.random.choice(list(self._messages(self._types, self.kind, spec)))
        home, own = types.find(name)
        fields = list(home.declared(own)[0].values())
        if not fields:
            return
        wire, kind, *_ = self.random.choice(fields)
        base = kind if isinstance(kind, str) else kind[0]
        if base == "list" and isinstance(holder.get(wire), list) and self.random.random() < 0.8:
            again = holder[wire] and self.random.random() < 0.2
            added = self.random.choice(holder[wire]) if again else self._value(home, kind[1], wire, 3)
            holder[wire].append(copy.deepcopy(added))
        elif wire not in holder or base != "list":
            holder[wire] = self._value(home, kind, wire, 3)

    def _messages(self, types: Any, name: str, value: dict[str, Any]) -> Iterator[tuple[Any, str, dict[str, Any]]]:
        yield types, name, value
        home, own = types.find(name)
        for wire, kind, *_ in home.declared(own)[0].values():
            base = kind if isinstance(kind, str) else kind[0]
            item = kind[1] if base in ("list", "map") else kind
            item = item if isinstance(item, str) else item[0]
            held = value.get(wire)
            if base != "list":
                held = list(held.values()) if base == "map" and isinstance(held, dict) else [held]
            if item[0].isupper() or ":" in item:
                for each in held or ():
                    if isinstance(each, dict):
                        yield from self._messages(home, item, each)

    def _pick(self, pools: tuple[list[Any], list[Any]]) -> Any:
        right, odd = pools
        return self.random.choice(odd if odd and self.random.random() < self._oddity else right)

    def _value(self, types: Any, kind: Any, field: str, depth: int) -> Any:
        base, *limits = (kind,) if isinstance(kind, str) else kind
        random = self.random
        if base == "list":
            return [self._value(types, limits[0], field, depth) for _ in range(random.choice((1, 1, 1, 2, 3)))]
        if base == "map":
            keys = MAP_KEYS.get(field, (["a", "b"], [""]))
            return {
                self._pick(keys): self._value(types, limits[0], field, depth) for _ in range(random.choice((1, 1, 2)))
            }
        if base == "bool":
            return random.random() < 0.6
        if base in ("int", "number"):
            return self._number(base, field)
        if base in ("object", "json"):
            return random.choice(
                [{}, {"name": "x"}, {"typed_config": {"@type": "type.googleapis.com/envoy.api.v2.Route"}}]
            )
        if base == "str":
            return self._text(dict(limits), field)
        return self._message(types, base, depth - 1)

    def _number(self, base: str, field: str) -> Any:
        found = self._pick(NUMBERS.get(field, ([1, 10], [0, -1])))
        return int(found) if base == "int" else found

    def _text(self, limits: dict[str, Any], field: str) -> Any:
        if "enum" in limits:
            return self.random.choice(limits["enum"])
        if any("duration" in rule[1] for rule in limits.get("rules", ())):
            return self._pick((VALUES["durations"]["right"], VALUES["durations"]["odd"]))
        if field in PIECES and self.random.random() < self._oddity:
            return "".join(self.random.choices(PIECES[field][0], k=self.random.choice((1, 2, 3, 4, 6))))
        return self._pick(POOLS.get(field, (["a", "b"], ["", "*", "a_b"])))

    def _message(self, types: Any, name: str, depth: int) -> dict[str, Any]:
        home, own = types.find(name)
        declared, required, groups, _ = home.declared(own)
        share = 0.25 if depth > 0 else 0.0
        fields = {field[0]: field[1] for field in declared.values()}
        grouped = {wire for group in groups for wire in group}
        chosen = [wire for wire in fields if wire in required or (wire not in grouped and self.random.random() < share)]
        chosen.extend(self.random.choice(list(group)) for group in groups if self.random.random() < 0.9)
        if not chosen and fields and self.random.random() < 0.8:
            chosen.append(self.random.choice(list(fields)))
        return {wire: self._value(home, fields[wire], wire, depth) for wire in chosen if wire in fields and depth > -3}

    def _damage(self, spec: dict[str, Any]) -> None:
        places = list(_places(spec))
        if not places:
            return
        holder, key = self.random.choice(places)
        how = self.random.choice(("remove", "empty", "repeat", "odd"))
        if how == "remove":
            del holder[key]
        elif how == "repeat" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif isinstance(holder[key], dict):
            holder[key] = {}
        elif isinstance(holder[key], list):
            holder[key] = []
        elif isinstance(holder[key], str):
            field = key if isinstance(key, str) else ""
            holder[key] = "" if how == "empty" else self.random.choice(POOLS.get(field, POOLS["host"])[1] or [""])
        elif isinstance(holder[key], int) and not isinstance(holder[key], bool):
            holder[key] = self.random.choice((0, 1, 70000))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield value, key
        yield from _places(child)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What we say to an object: the fields that its schema refuses, and what istiod would have against it."""

    schema: list[str]
    faults: list[Fault]

    @property
    def refused(self) -> bool:
        """istiod would refuse it."""
        return any(not fault.warning for fault in self.faults)

    @property
    def warned(self) -> bool:
        """istiod would take it with a warning, or refuse it and warn."""
        return any(fault.warning for fault in self.faults)


def judgement(body: dict[str, Any]) -> Judgement:
    """Return what we say to an object, as it would be read from a file."""
    (resource,) = read_text(json.dumps(body))
    shown = Inventory(compile_mesh([resource]))
    pruned = misfits(shown)
    spec = pruned[0][1].spec if pruned else None
    return Judgement([refusal.path for refusal in refusals(shown)], faults(judged(resource, spec)))


def warned_beyond_rules(said: dict[str, list[str]]) -> bool:
    """Tell whether istiod warned of something that MW804 tells.

    That a rule is never reached is for MW201; that there is an EnvoyFilter at all, and what the Envoy inside of istiod
    thinks of a patch, is not told.
    """
    ours = re.compile(
        "virtualService rule|EnvoyFilter exposes|without typed_config|type_url|unknown field|^Envoy filter: proto"
    )
    return any(not ours.search(warning) for warning in said.get("warnings", ()))
