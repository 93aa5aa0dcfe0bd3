"""Conditions of policies. Source: Istio reference, "Authorization Policy Conditions"."""

from collections.abc import Callable, Sequence

from meshwright.checks.validation.fault import Flaw
from meshwright.checks.validation.principals import account_flaw, accounts_flaw, empty_flaw, wildcard_flaw
from meshwright.checks.validation.values import ip_flaw, prefix_flaw

_HIGHEST_PORT = 65535

_WITH_NAME = ("request.headers", "request.auth.claims", "experimental.envoy.filters.")
_ANY = (
    "source.namespace",
    "source.principal",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "connection.sni",
)
_GONE = {
    "destination.namespace": "the policy's own namespace says it",
    "destination.name": "selector says it",
    "destination.user": "selector says it",
}


def attribute_flaw(key: str, values: Sequence[str]) -> tuple[int | None, Flaw | None]:
    """Judge a condition.

    Returns:
        Which value is wrong, ``None`` where it is the key; and the flaw.
    """
    empty = next((place for place, value in enumerate(values) if not value), None)
    if empty is not None:
        return empty, empty_flaw("")
    judge = _VALUES.get(key)
    if judge is None:
        return None, _key_flaw(key)
    if key == "source.serviceAccount" and accounts_flaw(values) is not None and len(values) > 1:
        return 0, accounts_flaw(values)
    for place, value in enumerate(values):
        flaw = judge(value)
        if flaw is not None:
            return place, flaw
    return None, None


def _key_flaw(key: str) -> Flaw | None:
    if key.startswith(_WITH_NAME):
        opened = key.find("[")
        if key.endswith("]") and 0 < opened < len(key) - 2:
            return None
        return f'"{key}" does not say which', f"Write {key.partition('[')[0]}[NAME]."
    if key in _GONE or key.startswith("destination.labels"):
        return f'no condition may ask for "{key}"', f"Remove it: {_GONE.get(key, 'selector says it')}."
    return f'"{key}" is nothing that a condition can ask for', "Choose a key of Istio's list of conditions."


def address_flaw(value: str) -> Flaw | None:
    """Judge an address or a block of addresses."""
    return prefix_flaw(value) if "/" in value else ip_flaw(value)


def written_port_flaw(port: str) -> Flaw | None:
    """Judge a port that is written as text."""
    if port.isascii() and port.isdigit() and int(port) <= _HIGHEST_PORT:
        return None
    return f'"{port}" is no port', f'Give a number up to {_HIGHEST_PORT} as text, such as "8080".'


_VALUES: dict[str, Callable[[str], Flaw | None]] = {
    **dict.fromkeys(_ANY, empty_flaw),
    "source.ip": address_flaw,
    "remote.ip": address_flaw,
    "destination.ip": address_flaw,
    "destination.port": written_port_flaw,
    "source.serviceAccount": account_flaw,
    "source.trustDomain": wildcard_flaw,
}
