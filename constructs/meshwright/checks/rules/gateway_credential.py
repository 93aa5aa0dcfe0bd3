"""MW405: a Gateway's credential that is not where its pods read it, or lacks a key."""

import base64
import binascii
from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of, one_of
from meshwright.frontends.istio.objects import Config, entries, section, text
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

_PAIRS = (("tls.crt", "tls.key"), ("cert", "key"))
_SCHEMES = "://"
_MAKERS = {"Certificate": "secretName", "ExternalSecret": "target", "SealedSecret": ""}
"""Kinds that make a Secret, with the field that names it; the object's own name where that is missing."""


def _find(shown: Inventory) -> Iterator[Problem]:
    secrets = {(secret.namespace, secret.name): secret for secret in shown.of_kind("Secret")}
    made = {(maker.namespace, _made_by(maker)) for maker in shown.of_kind(*_MAKERS)}
    for gateway in shown.gateways.values():
        if gateway.resource.origins is not None:
            continue
        for position, server in enumerate(map(section, entries(gateway.spec.get("servers")))):
            name = text(section(server.get("tls")).get("credentialName"))
            if name and _SCHEMES not in name:
                origin = gateway.origin(f"spec.servers[{position}].tls.credentialName")
                yield from _problems(shown, gateway, name, origin, secrets, made)


def _made_by(maker: Resource) -> str:
    named = section(maker.body.get("spec")).get(_MAKERS[maker.kind])
    return text(named) or text(section(named).get("name")) or maker.name


def _problems(
    shown: Inventory,
    gateway: Config,
    name: str,
    origin: Origin,
    secrets: dict[tuple[str, str], Resource],
    made: set[tuple[str, str]],
) -> Iterator[Problem]:
    elsewhere = [namespace for namespace, known in {*secrets, *made} if known == name]
    if any(_is_copied(secrets.get((namespace, name))) for namespace in elsewhere):
        return
    for namespace in shown.gateway_namespaces(gateway):
        secret = secrets.get((namespace, name))
        if secret is not None:
            yield from _content(secret, name, origin)
        elif (namespace, name) in made:
            continue
        elif elsewhere:
            wrong = f'Secret "{name}" is in {all_of(elsewhere)}, but the gateway\'s pods in {namespace} read their own'
            yield Problem(origin, wrong, f"Put it into {namespace}: the Gateway's own namespace does not count.")
        elif shown.complete:
            yield Problem(origin, f'there is no Secret "{name}" in {namespace}', "Create it there, beside the pods.")
        else:
            wrong = f'there is no Secret "{name}" in {namespace} in these manifests'
            yield Problem(origin, wrong, "Nothing here shows whether it exists.", "unknown")


def _is_copied(secret: Resource | None) -> bool:
    """Tell whether annotations ask some tool to copy a Secret into other namespaces."""
    metadata = section(secret.body.get("metadata")) if secret is not None else {}
    return any(
        word in str(key) for key in section(metadata.get("annotations")) for word in ("reflect", "replicat", "sync")
    )


def _content(secret: Resource, name: str, origin: Origin) -> Iterator[Problem]:
    data = {**section(secret.body.get("data")), **section(secret.body.get("stringData"))}
    pair = next((pair for pair in _PAIRS if all(data.get(key) for key in pair)), None)
    if pair is None:
        keys = one_of([" and ".join(pair) for pair in _PAIRS])
        wrong = f'Secret "{name}" has no pair of certificate and key (keys: {all_of(list(data))})'
        yield Problem(origin, wrong, f"Give it {keys}.", related=(secret.origin("data"),))
    elif pair[0] in section(secret.body.get("data")) and not _is_pem(data[pair[0]]):
        wrong = f'"{pair[0]}" of Secret "{name}" is no PEM certificate'
        remedy = "Encode the certificate with base64, as kubectl create secret tls does."
        yield Problem(origin, wrong, remedy, related=(secret.origin(f"data.{pair[0]}"),))


def _is_pem(value: object) -> bool:
    try:
        return b"-----BEGIN" in base64.b64decode(text(value), validate=False)
    except (binascii.Error, ValueError):
        return False


CHECK = Check("MW405", "gateway-credential", "error", "A Gateway's credential that its pods cannot use.", _find)
