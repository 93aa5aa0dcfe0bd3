"""The TLS settings of a listener, and whether the certificates it names can be used.

Source: Gateway API reference, ListenerTLSConfig; Istio reference, "Gateway", ServerTLSSettings.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.gateway_api.objects import Objects, labels, sections, spec
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.gateway_api.references import (
    CONFIG_MAP,
    GATEWAY,
    LISTENER_SET,
    SECRET,
    Grants,
    GroupKind,
    Referrer,
    group_kind,
)
from meshwright.frontends.istio.objects import integer, section, text
from meshwright.manifests.resource import Resource

Settings = dict[str, Any]

_TERMINATE_MODE = "gateway.istio.io/tls-terminate-mode"
_CIPHER_SUITES = "gateway.istio.io/tls-cipher-suites"
_LISTENER_MODE = "gateway.istio.io/listener-protocol"
_EAST_WEST_PORT = 15443

_SUITES = frozenset(
    {
        "ALL",
        "DES-CBC3-SHA",
        *(
            f"{exchange}{cipher}"
            for exchange in ("", "ECDHE-ECDSA-", "ECDHE-RSA-")
            for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA")
        ),
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305",
    }
)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where certificates come from, and who may use them."""

    objects: Objects
    grants: Grants
    options: Options

    def server(self, reference: Mapping[str, Any], owner: Resource) -> str | None:
        """Return the credential name of a certificate, ``None`` if the listener cannot use it."""
        if group_kind(reference, SECRET) != SECRET:
            return None
        namespace = text(reference.get("namespace")) or owner.namespace
        name = text(reference.get("name"))
        usable = self._holds(SECRET, namespace, name, "tls.crt", "tls.key", "cert", "key")
        if not usable or not self._allowed(owner, SECRET, namespace, name):
            return None
        return f"kubernetes-gateway://{namespace}/{name}"

    def authority(self, reference: Mapping[str, Any], owner: Resource) -> str | None:
        """Return the credential name of a CA certificate, ``None`` if the listener cannot use it."""
        kind = group_kind(reference, ("", ""))
        scheme = {CONFIG_MAP: "configmap", SECRET: "kubernetes-gateway"}.get(kind)
        namespace = text(reference.get("namespace")) or owner.namespace
        name = text(reference.get("name"))
        if scheme is None or not self._holds(kind, namespace, name, "ca.crt", None, "cacert", None):
            return None
        if not self._allowed(owner, kind, namespace, name):
            return None
        return f"{scheme}://{namespace}/{name}-cacert"

    def _allowed(self, owner: Resource, kind: GroupKind, namespace: str, name: str) -> bool:
        referrer = Referrer(LISTENER_SET if owner.kind == "ListenerSet" else GATEWAY, owner.namespace)
        return namespace == owner.namespace or self.grants.allow(referrer, kind, namespace, name)

    def _holds(self, kind: GroupKind, namespace: str, name: str, *keys: str | None) -> bool:
        """Tell whether an object holds PEM text under the first two or the last two keys."""
        found = self.objects.get(*kind, namespace, name)
        if found is None:
            return self.options.assume_unseen
        texts = _data(found)
        pairs = (keys[:2], keys[2:])
        return any(all(key is None or "-----BEGIN " in texts.get(key, "") for key in pair) for pair in pairs)


def _data(resource: Resource) -> dict[str, str]:
    data = section(resource.body.get("data"))
    texts = {key: text(value) for key, value in data.items()}
    if resource.kind == "Secret":
        texts = {key: _decoded(value) for key, value in texts.items()}
        texts |= {key: text(value) for key, value in section(resource.body.get("stringData")).items()}
    return texts


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def server_tls(
    listener: Mapping[str, Any], port: int, owner: Resource, gateway: Resource, certificates: Certificates
) -> tuple[Settings | None, bool]:
    """Build the TLS settings of a listener.

    Args:
        owner: The Gateway or ListenerSet that holds the listener.
        gateway: The Gateway; it says how clients are verified.

    Returns:
        The settings, ``None`` for a listener without TLS; and whether they are valid.
    """
    tls = listener.get("tls")
    if not isinstance(tls, dict):
        return None, True
    options = section(tls.get("options"))
    settings: Settings = {}
    if text(tls.get("mode")) == "Passthrough":
        settings["mode"] = "AUTO_PASSTHROUGH" if _auto_passthrough(owner, options, port) else "PASSTHROUGH"
    else:
        settings["mode"] = "SIMPLE"
        match options.get(_TERMINATE_MODE):
            case "MUTUAL" | "OPTIONAL_MUTUAL" as mode:
                settings["mode"] = mode
            case "ISTIO_SIMPLE":
                return {"mode": "SIMPLE", "credentialName": "builtin://"}, True
            case "ISTIO_MUTUAL":
                return {"mode": "ISTIO_MUTUAL"}, True
        references = sections(tls.get("certificateRefs"))
        if len(references) > 2:
            return settings, False
        names = [certificates.server(reference, owner) for reference in references]
        if not any(names):
            return settings, not names
        if all(names) and len(names) > 1:
            settings["credentialNames"] = names
        else:
            settings["credentialName"] = names[0] or ""
        if not _verify_clients(settings, options, _frontend(gateway, port), owner, certificates):
            return settings, False
    suites = [suite for suite in map(str.strip, text(options.get(_CIPHER_SUITES)).split(",")) if _is_suite(suite)]
    if suites:
        settings["cipherSuites"] = list(dict.fromkeys(suites))
    return settings, True


def _is_suite(suite: str) -> bool:
    """Tell whether istiod passes a cipher suite on: one that Envoy knows, or an expression it leaves to Envoy."""
    return suite in _SUITES or (suite != "" and not suite[0].isalnum())


def _frontend(gateway: Resource, port: int) -> Mapping[str, Any]:
    """Return how a Gateway verifies the clients of one port."""
    frontend = section(section(spec(gateway).get("tls")).get("frontend"))
    for of_port in sections(frontend.get("perPort")):
        if integer(of_port.get("port")) == port:
            return section(section(of_port.get("tls")).get("validation"))
    return section(section(frontend.get("default")).get("validation"))


def _verify_clients(
    settings: Settings,
    options: Mapping[str, Any],
    validation: Mapping[str, Any],
    owner: Resource,
    certificates: Certificates,
) -> bool:
    references = sections(validation.get("caCertificateRefs"))
    if not references:
        return True
    authority = certificates.authority(references[0], owner) if len(references) == 1 else None
    if authority is None:
        return False
    insecure = validation.get("mode") == "AllowInsecureFallback"
    settings["mode"] = "OPTIONAL_MUTUAL" if insecure else "MUTUAL"
    settings["insecureSkipVerify"] = insecure
    settings["caCertCredentialName"] = authority
    if options.get(_TERMINATE_MODE) in ("MUTUAL", "OPTIONAL_MUTUAL"):
        settings["mode"] = options[_TERMINATE_MODE]
        settings["insecureSkipVerify"] = False
    return True


def _auto_passthrough(owner: Resource, options: Mapping[str, Any], port: int) -> bool:
    """Tell whether a listener passes traffic of other networks on by SNI alone."""
    if options.get(_LISTENER_MODE) == "auto-passthrough":
        return True
    owned = labels(owner)
    if "topology.istio.io/network" not in owned:
        return False
    return str(port) == str(owned.get("networking.istio.io/gatewayPort", _EAST_WEST_PORT))
