"""The metadata of an object, with the names and meaning of cdk8s."""

from meshwright.tree.value import clean_copy, string_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from meshwright.tree.api_object import ApiObject
    from meshwright.tree.construct import Construct

# What the definition itself holds: `add` cannot replace it.
_OWN = frozenset(("annotations", "finalizers", "labels", "name", "namespace", "ownerReferences"))
_WIRE = {
    "owner_references": "ownerReferences",
    "creation_timestamp": "creationTimestamp",
    "deletion_grace_period_seconds": "deletionGracePeriodSeconds",
    "deletion_timestamp": "deletionTimestamp",
    "generate_name": "generateName",
    "managed_fields": "managedFields",
    "resource_version": "resourceVersion",
    "self_link": "selfLink",
}
_KNOWN = _OWN | set(_WIRE.values()) | {"generation", "uid"}


class ApiObjectMetadata:
    """Metadata to give to an object.

    Args:
        annotations: Arbitrary notes.
        finalizers: What must be done before the object is deleted.
        labels: They win over the labels of the chart.
        name: The name of the object; made from its path if left out.
        namespace: The namespace of the object; that of the chart if left out.
        owner_references: The objects it depends on: `OwnerReference`, or a dict.
    """

    __slots__ = ("annotations", "finalizers", "labels", "name", "namespace", "owner_references")

    def __init__(
        self,
        *,
        annotations: "Mapping[str, str] | None" = None,
        finalizers: "Sequence[str] | None" = None,
        labels: "Mapping[str, str] | None" = None,
        name: "str | None" = None,
        namespace: "str | None" = None,
        owner_references: "Sequence[OwnerReference | Mapping[str, Any]] | None" = None,
    ) -> None:
        self.annotations = annotations
        self.finalizers = finalizers
        self.labels = labels
        self.name = name
        self.namespace = namespace
        self.owner_references = owner_references

    def to_json(self) -> "dict[str, Any]":
        """Its fields as the API spells them."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {_WIRE.get(name, name): value for name, value in fields.items() if value is not None}


class OwnerReference:
    """The owner of an object.

    Args:
        api_version: Of the owner.
        kind: Of the owner.
        name: Of the owner.
        uid: Of the owner.
        block_owner_deletion: Whether the owner is kept until this object is gone.
        controller: Whether the owner is the managing controller.
    """

    __slots__ = ("api_version", "block_owner_deletion", "controller", "kind", "name", "uid")

    def __init__(
        self,
        *,
        api_version: str,
        kind: str,
        name: str,
        uid: str,
        block_owner_deletion: "bool | None" = None,
        controller: "bool | None" = None,
    ) -> None:
        self.api_version = api_version
        self.kind = kind
        self.name = name
        self.uid = uid
        self.block_owner_deletion = block_owner_deletion
        self.controller = controller

    def to_json(self) -> "dict[str, Any]":
        """Its fields as the API spells them."""
        return {
            "apiVersion": self.api_version,
            "blockOwnerDeletion": self.block_owner_deletion,
            "controller": self.controller,
            "kind": self.kind,
            "name": self.name,
            "uid": self.uid,
        }


class ApiObjectMetadataDefinition:
    """The metadata of one object, open for additions until synth.

    Args:
        api_object: The object.
        annotations: As in `ApiObjectMetadata`, also the others.
        finalizers: The first finalizers.
        labels: The first labels.
        name: The name of the object.
        namespace: The namespace of the object.
        owner_references: The first owners.
    """

    __slots__ = ("_api_object", "_values")

    _values: "dict[str, Any]"

    def __init__(
        self,
        *,
        api_object: "ApiObject",
        annotations: "Mapping[str, str] | None" = None,
        finalizers: "Sequence[str] | None" = None,
        labels: "Mapping[str, str] | None" = None,
        name: "str | None" = None,
        namespace: "str | None" = None,
        owner_references: "Sequence[OwnerReference | Mapping[str, Any]] | None" = None,
    ) -> None:
        self._api_object = api_object
        self._values = {
            "annotations": dict(annotations or {}),
            "finalizers": list(finalizers or []),
            "labels": dict(labels or {}),
            "name": name,
            "namespace": namespace,
            "ownerReferences": list(owner_references or []),
        }

    @classmethod
    def _over(cls, api_object: "ApiObject", values: "dict[str, Any]") -> "ApiObjectMetadataDefinition":
        out = cls.__new__(cls)
        out._api_object = api_object
        out._values = values
        return out

    @property
    def name(self) -> "str | None":
        """The name of the object."""
        name: str | None = self._values.get("name")
        return name

    @property
    def namespace(self) -> "str | None":
        """The namespace of the object, None if neither it nor its chart has one."""
        namespace: str | None = self._values.get("namespace")
        return namespace

    def _part(self, key: str, empty: "Any") -> "Any":
        part = self._values.get(key)
        if part is None:
            part = self._values[key] = empty
        return part

    def add_label(self, key: str, value: str) -> None:
        """Set a label."""
        check_texts(self._api_object, "label", {key: value})
        self._part("labels", {})[key] = value

    def get_label(self, key: str) -> "str | None":
        """The value of a label, or None."""
        value: str | None = self._part("labels", {}).get(key)
        return value

    def add_annotation(self, key: str, value: str) -> None:
        """Set an annotation."""
        check_texts(self._api_object, "annotation", {key: value})
        self._part("annotations", {})[key] = value

    def add_finalizers(self, *finalizers: str) -> None:
        """Add finalizers."""
        self._part("finalizers", []).extend(finalizers)

    def add_owner_reference(
        self,
        *,
        api_version: str,
        kind: str,
        name: str,
        uid: str,
        block_owner_deletion: "bool | None" = None,
        controller: "bool | None" = None,
    ) -> None:
        """Add an owner."""
        owner = OwnerReference(
            api_version=api_version,
            kind=kind,
            name=name,
            uid=uid,
            block_owner_deletion=block_owner_deletion,
            controller=controller,
        )
        self._part("ownerReferences", []).append(owner)

    def add(self, key: str, value: "Any") -> None:
        """Set another field of the metadata, such as ``generateName``; the fields with a method of their own stay."""
        if key not in _OWN:
            self._values[key] = value

    def to_json(self) -> "Any":
        """The metadata as plain data: keys sorted, what is empty left out."""
        return clean_copy(self._values, True, True)


def check_texts(construct: "Construct", what: str, values: "Mapping[str, Any]") -> None:
    """Make sure that labels or annotations are texts, as the API wants them.

    Raises:
        ConfigurationError: One is a number or a boolean.
    """
    for key, value in values.items():
        if isinstance(value, int | float):
            raise construct.error(f"the {what} {key!r} is {value!r}, which is no text", f"Give it as {str(value)!r}")


def metadata_values(metadata: "Any", api_object: "ApiObject") -> "dict[str, Any]":
    """Copy what a user gave as metadata into the fields of the API.

    Raises:
        TypeError: There is no such field.
    """
    given: dict[str, Any] = string_keys(metadata if isinstance(metadata, dict) else metadata.to_json())
    out: dict[str, Any] = {}
    for key, value in given.items():
        wire = _WIRE.get(key, key)
        if wire not in _KNOWN:
            known = ", ".join(sorted(_KNOWN))
            raise api_object.error(f"metadata has no field {key!r}", f"Use one of {known}")
        if isinstance(value, dict):
            value = dict(value)
            check_texts(api_object, wire.removesuffix("s"), value)
        elif isinstance(value, list | tuple):
            value = list(value)
        if isinstance(value, list) and wire == "ownerReferences":
            value = [_owner(owner) for owner in value]
        out[wire] = value
    return out


def _owner(owner: "Any") -> "Any":
    if isinstance(owner, dict) and "api_version" in owner:
        return OwnerReference(**owner)
    return owner
