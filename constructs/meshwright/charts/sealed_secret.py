"""A Secret that stands in git encrypted, for one controller to open."""

from __future__ import annotations

from meshwright.charts.made_secret import MadeSecret
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from meshwright.imports.sealed_secrets import SealedSecret as SealedSecretObject

_SCOPES = ("strict", "namespace-wide", "cluster-wide")


@tells_misfits
class SealedSecret(MadeSecret):
    """A SealedSecret: the controller in the cluster opens its values and makes the Secret.

    Args:
        encrypted: By key of the Secret: its value as ``kubeseal --raw`` prints it.
        type: Of the Secret; ``kubernetes.io/tls`` for a certificate.
        scope_of_values: For which Secrets the values were sealed: ``strict`` for this name in this namespace.
        name: Of both objects; the id when left out.

    Attributes:
        sealed_secret: The level-1 ``SealedSecret``.

    Source: Sealed Secrets docs, "Scopes" and "Raw mode".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        encrypted: Mapping[str, str],
        type: str | None = None,
        scope_of_values: Literal["strict", "namespace-wide", "cluster-wide"] = "strict",
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.numbers import one_of
        from meshwright.charts.problem import Part
        from meshwright.imports.sealed_secrets import SealedSecret as SealedSecretObject
        from meshwright.imports.sealed_secrets import SecretTemplateSpec

        self._describe(name or id, encrypted)
        for key, value in encrypted.items():
            if not is_sealed(value):
                problem(self, f"the value of {key!r} is not sealed", "Give what kubeseal --raw prints for it")
        one_of(scope_of_values, _SCOPES, "scope_of_values", Part(self, "secret"))
        annotated: dict[str, Any] = {"name": self.name, "namespace": self.namespace}
        if scope_of_values != "strict":
            annotated["annotations"] = {f"sealedsecrets.bitnami.com/{scope_of_values}": "true"}
        self.sealed_secret: SealedSecretObject = SealedSecretObject(
            self,
            "sealed-secret",
            metadata=annotated,
            encrypted_data=dict(encrypted),
            template=SecretTemplateSpec(metadata=annotated, type=type),
        )


def is_sealed(value: object) -> bool:
    """Whether a value is what ``kubeseal`` makes: an encrypted session key behind its length, then the value."""
    from base64 import b64decode

    if not isinstance(value, str) or not value.isascii():
        return False
    try:
        sealed = b64decode(value, validate=True)
    except ValueError:
        return False
    length = int.from_bytes(sealed[:2], "big")
    return length in (256, 384, 512, 1024) and len(sealed) > 2 + length + 16
