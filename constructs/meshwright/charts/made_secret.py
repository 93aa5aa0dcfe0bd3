"""A Secret that a controller makes, as others refer to it: git knows its keys, and not its values."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.environment_variables import FromSecret
from meshwright.charts.problem import problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshwright.charts.problem import Part

_PAIRS = (("tls.crt", "tls.key"), ("cert", "key"))
"""Under which keys a gateway looks for a certificate and its private key."""

_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


class MadeSecret(Construct):
    """What `ExternalSecret` and `SealedSecret` have in common.

    Attributes:
        name, namespace: Of the Secret.
        keys: What it holds.
    """

    def _describe(self, name: str, keys: Iterable[str]) -> None:
        """Take the name of the Secret, and tell what is wrong with it and its keys."""
        self.name = name
        self.namespace = Environment.of(self).namespace
        self.keys = tuple(keys)
        claim_name(self, "Secret", self.namespace, name)
        if not self.keys:
            problem(self, "it holds nothing", "Give at least one key")
        for key in self.keys:
            if not isinstance(key, str) or not key or not _KEY.issuperset(key) or len(key) > 253:
                problem(self, f"a key is {key!r}", "Use letters, digits, dashes, dots and underscores")

    def key(self, key: str, *, optional: bool | None = None) -> FromSecret:
        """Return the value of one of its keys, for the environment of containers."""
        if key not in self.keys:
            problem(self, f"it has no key {key!r}", f"Known are: {', '.join(map(str, self.keys))}")
        return FromSecret(self.name, key, optional=optional)


def name_of(credential: str | MadeSecret) -> str:
    """Return the name of a Secret that is given by its name or by what makes it."""
    return credential if isinstance(credential, str) else credential.name


def credential_name(credential: object, part: Part, *, client_certificates: bool = False) -> str | None:
    """Return the name of a Secret with a certificate, and tell what is wrong with it.

    Args:
        credential: A name, or the construct that makes the Secret.
        part: What problems are told of.
        client_certificates: Whether it has to vouch for clients, too.
    """
    if isinstance(credential, MadeSecret):
        has = set(credential.keys)
        if not any(has.issuperset(pair) for pair in _PAIRS):
            said = ", ".join(map(str, credential.keys))
            part.problem(
                f"tls.credential {credential.name!r} has no certificate with its key (it has {said})",
                "Give it tls.crt and tls.key",
            )
        elif client_certificates and not has & {"ca.crt", "cacert"}:
            part.problem(f"tls.credential {credential.name!r} has no ca.crt to check clients by", "Give it ca.crt")
        return credential.name
    if not isinstance(credential, str) or not credential:
        part.problem(f"tls.credential is {credential!r}", "Give the name of a Secret, or what makes it")
        return None
    return credential
