"""A Secret whose values stay in a store outside of git, such as Vault or a cloud's own."""

from __future__ import annotations

from meshwright.charts.made_secret import MadeSecret
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import is_dns_label
from meshwright.charts.numbers import one_of
from meshwright.charts.problem import Part
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from typing import Literal

    from meshwright.imports.external_secrets import (
        ClusterSecretStore,
        ExternalSecretData,
        SecretStore,
        SecretStoreRef,
    )
    from meshwright.imports.external_secrets import ExternalSecret as ExternalSecretObject

_STORES = ("SecretStore", "ClusterSecretStore")
_DELETIONS = ("Retain", "Delete", "Merge")


@tells_misfits
class StoreNamed(Written):
    """A store that others look after.

    Args:
        name: Of the object.
        kind: ``ClusterSecretStore`` is there for all namespaces, ``SecretStore`` for its own.
    """

    __slots__ = ("kind", "name")

    def __init__(self, name: str, *, kind: Literal["SecretStore", "ClusterSecretStore"] = "ClusterSecretStore") -> None:
        super().__init__()
        self.name = name
        self.kind = kind


@tells_misfits
class RemoteValue(Written):
    """One value in a store.

    Args:
        key: Where it is: a path in Vault, the name of a secret in a cloud.
        property: Which part of what is there; all of it when left out.
        version: Of it; the newest when left out.
    """

    __slots__ = ("key", "property", "version")

    def __init__(self, key: str, *, property: str | None = None, version: str | None = None) -> None:
        super().__init__()
        self.key = key
        self.property = property
        self.version = version


@tells_misfits
class ExternalSecret(MadeSecret):
    """An ExternalSecret: the External Secrets Operator makes the Secret and keeps it up to date.

    Args:
        store: The level-1 ``SecretStore`` or ``ClusterSecretStore``, or a `StoreNamed`.
        values: By key of the Secret: where in the store the value is, as a `RemoteValue` or the name of its key.
        refresh: How often the store is asked; every hour when left out.
        type: Of the Secret; ``kubernetes.io/tls`` for a certificate.
        deletion: What becomes of the Secret when the value is gone from the store.
        name: Of both objects; the id when left out.

    Attributes:
        external_secret: The level-1 ``ExternalSecret``.

    Source: External Secrets docs, "ExternalSecret".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        store: SecretStore | ClusterSecretStore | StoreNamed,
        values: Mapping[str, str | RemoteValue],
        refresh: timedelta | None = None,
        type: str | None = None,
        deletion: Literal["Retain", "Delete", "Merge"] = "Retain",
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.duration import duration
        from meshwright.imports.external_secrets import ExternalSecret as ExternalSecretObject
        from meshwright.imports.external_secrets import ExternalSecretTarget, ExternalSecretTemplate

        self._describe(name or id, values)
        part = Part(self, "secret")
        template = ExternalSecretTemplate(type=type, engine_version="v2", merge_policy="Replace") if type else None
        self.external_secret: ExternalSecretObject = ExternalSecretObject(
            self,
            "external-secret",
            metadata={"name": self.name, "namespace": self.namespace},
            secret_store_ref=self._store(store, part),
            refresh_interval=duration(refresh, "refresh", part) or "1h",
            target=ExternalSecretTarget(
                name=self.name,
                creation_policy="Owner",
                deletion_policy=one_of(deletion, _DELETIONS, "deletion", part),  # type: ignore[typeddict-item]
                template=template,
            ),
            data=[_datum(key, value, part) for key, value in values.items()],
        )

    def _store(self, store: object, part: Part) -> SecretStoreRef:
        from meshwright.imports.external_secrets import SecretStoreRef

        name, kind = getattr(store, "name", None), getattr(store, "kind", None)
        if not isinstance(name, str) or kind not in _STORES:
            part.problem(f"store is {store!r}", "Pass the store itself, or StoreNamed(…)")
            return SecretStoreRef()
        if isinstance(store, StoreNamed) and not all(map(is_dns_label, name.split("."))):
            part.problem(f"the name of the store is {name!r}", "Give the name of an object")
        own = getattr(getattr(store, "_metadata", None), "get", lambda _: None)("namespace")
        if kind == "SecretStore" and own not in (None, self.namespace):
            wrong = f"store {name!r} is in namespace {own!r}, and serves no Secret of {self.namespace!r}"
            part.problem(wrong, "Make it a ClusterSecretStore")
        return SecretStoreRef(name=name, kind=kind)


def _datum(key: str, value: object, part: Part) -> ExternalSecretData:
    from meshwright.imports.external_secrets import ExternalSecretData, ExternalSecretDataRemoteRef

    if isinstance(value, str):
        value = RemoteValue(value)
    if not isinstance(value, RemoteValue):
        part.problem(f"the value of {key!r} is {value!r}", "Give RemoteValue(…)")
        value = RemoteValue("")
    reference = ExternalSecretDataRemoteRef(
        key=value.key,
        property=value.property,
        version=value.version,
        conversion_strategy="Default",
        decoding_strategy="None",
        metadata_policy="None",
    )
    return ExternalSecretData(secret_key=key, remote_ref=reference)
