"""CRD schemas -> the model: one walk over the schema with the declarations beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from meshwright.bindings.cel import Untranslatable, translate
from meshwright.bindings.conditions import LOGICAL, Inexpressible, conditions
from meshwright.bindings.model import (
    Field,
    Kind,
    Limits,
    ListOf,
    MapOf,
    Message,
    Module,
    Ref,
    Rule,
    Scalar,
    Type,
)
from meshwright.bindings.names import RESERVED, Named, Namer, class_name, field_name, singular
from meshwright.bindings.patterns import python_pattern
from meshwright.errors import InputError

Schema = dict[str, Any]
KNOWN = frozenset(
    {"type", "properties", "items", "additionalProperties", "required", "enum", "format", "pattern", "nullable"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
    | {"default", "description", "title", "example", "externalDocs", "uniqueItems", *LOGICAL}
    | {f"x-kubernetes-{word}" for word in ("validations", "list-type", "list-map-keys", "map-type")}
    | {f"x-kubernetes-{word}" for word in ("int-or-string", "preserve-unknown-fields", "embedded-resource")}
)
BESIDE_SPEC = ("apiVersion", "kind", "metadata", "status")
_BASES = {"string": "str", "integer": "int", "number": "number", "boolean": "bool"}
_INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]


@dataclass(frozen=True)
class Spot:
    """Where in the schema: for errors, and for names where nothing is declared."""

    kind: str
    path: str
    owner: str
    word: str
    named: Named | None

    def into(self, path: str, word: str, named: Named | None) -> "Spot":
        """Step one level down."""
        return replace(self, path=f"{self.path}{path}", word=word, named=named)


@dataclass
class Draft:
    """A message before it has its final name."""

    named: Named | None
    fallback: str
    message: Message


@dataclass
class Walk:
    """Collects the messages of one module.

    Args:
        source: What the errors call the source.
        namer: Where the names come from.
    """

    source: str
    namer: Namer
    drafts: dict[str, Draft] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)

    def fail(self, spot: Spot, wrong: str) -> InputError:
        """Return the error for a field that cannot be expressed."""
        remedy = "Leave this CRD out of imports, or report it with its schema"
        return InputError(self.source, f"{spot.kind}: {spot.path or 'the schema'}: {wrong}", remedy)

    def convert(self, schema: Schema, spot: Spot) -> Type:
        """Convert the schema of one field.

        Raises:
            InputError: It cannot be expressed; the message names the field.
        """
        strange = sorted(schema.keys() - KNOWN)
        if strange:
            raise self.fail(spot, f"the keyword {strange[0]!r} is not known")
        if schema.get("x-kubernetes-int-or-string") or schema.get("anyOf") == _INT_OR_STRING:
            quantity = spot.named is not None and spot.named.identity.endswith("resource.Quantity")
            return Scalar("quantity" if quantity else "int_or_str", self.limits(schema, spot))
        kind = schema.get("type")
        if schema.get("x-kubernetes-embedded-resource") or (
            schema.get("x-kubernetes-preserve-unknown-fields") and kind in (None, "object")
        ):
            return Scalar("object" if kind == "object" else "json")
        if kind == "object":
            return self.object(schema, spot)
        if kind == "array":
            if "items" not in schema:
                raise self.fail(spot, "it is a list without items")
            item = self.convert(schema["items"], spot.into("[]", singular(spot.word), spot.named))
            return ListOf(item, self.limits(schema, spot, "Items"))
        if kind in _BASES:
            return Scalar(_BASES[kind], self.limits(schema, spot, "Length"))
        raise self.fail(spot, f"its type is {kind!r}" if kind else "it has no type")

    def object(self, schema: Schema, spot: Spot) -> Type:
        """Convert an object: a mapping, free-form JSON, or a message."""
        extra = schema.get("additionalProperties")
        if "properties" not in schema and extra:
            limits = self.limits(schema, spot, "Properties")
            if extra is True:
                return Scalar("object", limits)
            return MapOf(self.convert(extra, spot.into("{}", singular(spot.word), spot.named)), limits)
        if extra:
            raise self.fail(spot, "it has properties and additionalProperties")
        return self.message(schema, spot)

    def message(self, schema: Schema, spot: Spot) -> Ref:
        """Convert an object with known fields, and remember it; equal ones of one declaration are one."""
        content = self.content(schema, spot)
        identity = spot.named.identity if spot.named else f"@{content.title}"
        number = 0
        while (key := f"{identity}#{number}") in self.drafts and self.drafts[key].message != content:
            number += 1
        self.drafts.setdefault(key, Draft(spot.named, f"{spot.owner}{class_name(spot.word)}", content))
        return Ref(key)

    def content(self, schema: Schema, spot: Spot) -> Message:
        """Convert an object with known fields; its name is still open."""
        owner = f"{spot.owner}{class_name(spot.word)}"
        try:
            one_of, asked = conditions(schema)
        except Inexpressible as error:
            raise self.fail(spot, f"it asks {error}") from None
        named = spot.named
        title = ".".join(named.path) if named else owner
        rules = (*asked, *self.rules(schema, spot))
        return Message("", title, self.fields(schema, spot, owner), one_of, rules, named.link if named else "")

    def fields(self, schema: Schema, spot: Spot, owner: str) -> tuple[Field, ...]:
        """Convert the fields of an object, in the order of the schema."""
        required = set(schema.get("required", ()))
        taken: dict[str, str] = {}
        properties: Schema = schema.get("properties", {})
        result = []
        for wire in sorted(properties, key=lambda wire: wire.islower() and "_" in wire):
            name = field_name(wire)
            while name in taken:
                name += "_"
            taken[name] = wire
            named = self.namer.step(spot.named, wire) if spot.named else None
            inner = replace(spot.into(f".{wire}", wire, named), owner=_short(spot.named) or owner)
            kind = self.convert(properties[wire], inner)
            result.append(Field(name, wire, kind, wire in required, properties[wire].get("default")))
        order = {wire: position for position, wire in enumerate(properties)}
        return tuple(sorted(result, key=lambda one: order[one.wire]))

    def limits(self, schema: Schema, spot: Spot, size: str = "Length") -> Limits:
        """Collect what the schema asks beside the type."""
        keys = schema.get("x-kubernetes-list-map-keys") if schema.get("x-kubernetes-list-type") == "map" else None
        unique = schema.get("uniqueItems") or schema.get("x-kubernetes-list-type") == "set"
        pattern = schema.get("pattern", "")
        if any(key in schema for key in LOGICAL) and schema.get("anyOf") != _INT_OR_STRING:
            raise self.fail(spot, "it has oneOf, anyOf, allOf or not on something that is no object")
        try:
            pattern = python_pattern(pattern) if pattern else ""
        except ValueError as error:
            raise self.fail(spot, str(error)) from None
        return Limits(
            enum=tuple(value for value in schema.get("enum", ()) if value is not None),
            minimum=schema.get("minimum"),
            maximum=schema.get("maximum"),
            min_length=schema.get(f"min{size}"),
            max_length=schema.get(f"max{size}"),
            pattern=pattern,
            unique=tuple(keys) if keys else () if unique else None,
            rules=self.rules(schema, spot),
        )

    def rules(self, schema: Schema, spot: Spot) -> tuple[Rule, ...]:
        """Translate the CEL rules; those that only a cluster can answer are noted as unchecked."""
        rules = []
        for asked in schema.get("x-kubernetes-validations", ()):
            try:
                rules.append(Rule(translate(asked["rule"]), asked.get("message") or asked["rule"]))
            except Untranslatable as why:
                self.unchecked.append(f"{spot.kind} {spot.path.lstrip('.')}: {asked['rule']} ({why})")
        return tuple(rules)


def _short(named: Named | None) -> str:
    return named.path[-1] if named else ""


def version_rank(version: str) -> tuple[int, int, int]:
    """Order versions as Kubernetes does: stable before beta before alpha, then by number."""
    head, _, tail = version.partition("alpha" if "alpha" in version else "beta")
    stage = 0 if "alpha" in version else 1 if "beta" in version else 2
    return stage, int(head.removeprefix("v") or 0), int(tail or 0)


def read_kinds(crds: Iterable[Schema], walk: Walk, module: Module) -> None:
    """Add the kinds of ``crds`` (of one module) with all their messages to ``module``."""
    bodies = {}
    for crd in sorted(crds, key=lambda crd: str(crd["spec"]["names"]["kind"])):
        spec = crd["spec"]
        name = spec["names"]["kind"]
        version = max((v for v in spec["versions"] if v.get("served", True)), key=lambda v: version_rank(v["name"]))
        api_version = f"{spec['group']}/{version['name']}"
        module.kinds[name], bodies[name] = kind_of(name, api_version, version["schema"]["openAPIV3Schema"], walk)
    names = final_names(walk.drafts, set(bodies))
    for key, draft in walk.drafts.items():
        module.messages[names[key]] = renamed(draft.message, names[key], names)
    for name, body in bodies.items():
        module.messages[name] = renamed(body, name, names)
    module.unchecked = sorted(set(walk.unchecked))


def kind_of(name: str, api_version: str, schema: Schema, walk: Walk) -> tuple[Kind, Message]:
    """Convert one kind: the fields of its spec, and what stands beside the spec, are its keywords."""
    group, _, version = api_version.partition("/")
    properties = {key: value for key, value in schema["properties"].items() if key not in BESIDE_SPEC}
    named = walk.namer.spec(group, version, name)
    link = named.link if named else ""
    outer = Spot(name, "", name, "", walk.namer.kind(group, version, name))
    for wire in sorted(properties.keys() & RESERVED):
        raise walk.fail(outer.into(f".{wire}", wire, None), "a construct has an argument of this name")
    spec = properties.get("spec", {})
    if not isinstance(spec.get("properties"), dict):
        body = walk.content({**schema, "properties": properties, "required": _present(schema, properties)}, outer)
        return Kind(name, api_version, False, (), link), _keywords(body, ())
    del properties["spec"]
    body = walk.content(spec, replace(outer, path="spec", named=named))
    beside = walk.fields({"properties": properties, "required": _present(schema, properties)}, outer, name)
    wires = tuple(one.wire for one in beside)
    return Kind(name, api_version, True, wires, link), _keywords(body, beside)


def _present(schema: Schema, properties: Schema) -> list[str]:
    return [name for name in schema.get("required", ()) if name in properties]


def _keywords(body: Message, beside: tuple[Field, ...]) -> Message:
    """Give the fields names that can be keywords of a construct."""
    taken = set(RESERVED)
    fields = []
    for one in (*body.fields, *beside):
        name = one.name
        while name in taken:
            name += "_"
        taken.add(name)
        fields.append(replace(one, name=name))
    return replace(body, fields=tuple(fields))


def final_names(drafts: dict[str, Draft], kinds: set[str]) -> dict[str, str]:
    """Choose the class name of every draft: the declared one; with the names around it where two are alike."""
    alike: dict[str, set[str]] = {}
    for draft in drafts.values():
        if draft.named:
            alike.setdefault(draft.named.path[-1], set()).add(draft.named.identity)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key, draft in sorted(drafts.items(), key=lambda item: item[1].named is not None and not item[1].named.home):
        named = draft.named if key.endswith("#0") else None
        name = draft.fallback
        if named is not None:
            clash = len(named.path) > 1 and len(alike[named.path[-1]]) > 1
            name = "".join(named.path) if clash else named.path[-1]
            name = draft.fallback if name in taken else name
        name = f"{name}Spec" if name in kinds else name
        while name in taken:
            name += "Variant"
        names[key] = name
        taken.add(name)
    return names


def renamed(message: Message, name: str, names: dict[str, str]) -> Message:
    """Put the final names into a message."""
    fields = tuple(replace(one, type=_renamed_type(one.type, names)) for one in message.fields)
    return replace(message, name=name, fields=fields)


def _renamed_type(kind: Type, names: dict[str, str]) -> Type:
    match kind:
        case Ref():
            return replace(kind, name=names[kind.name])
        case ListOf():
            return replace(kind, item=_renamed_type(kind.item, names))
        case MapOf():
            return replace(kind, value=_renamed_type(kind.value, names))
    return kind
