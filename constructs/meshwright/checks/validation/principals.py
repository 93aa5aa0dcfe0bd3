"""Who sends a request: service accounts and trust domains. Source: Istio reference, "Authorization Policy", Source."""

from collections.abc import Sequence

from meshwright.checks.validation.fault import Flaw

_MOST_ACCOUNTS = 16
_LONGEST_ACCOUNT = 320


def empty_flaw(value: str) -> Flaw | None:
    """Judge a value that may be anything but empty."""
    return None if value else ("a value is empty", "Give it, or remove it.")


def wildcard_flaw(value: str) -> Flaw | None:
    """Judge a value that may begin or end with ``*``."""
    if not value:
        return empty_flaw(value)
    inside = "*" in value and value != "*" and not value.startswith("*") and not value.endswith("*")
    if value.count("*") > 1 or inside:
        return f'"{value}" has a wildcard that is not at its start or end alone', "Write *, prefix* or *suffix."
    return None


def trust_domain_flaw(value: str) -> Flaw | None:
    """Judge a trust domain."""
    flaw = wildcard_flaw(value)
    if flaw is None and "/" in value:
        return f'"{value}" is no trust domain', "Name it alone, such as cluster.local."
    return flaw


def accounts_flaw(values: Sequence[str]) -> Flaw | None:
    """Judge a list of service accounts."""
    if len(values) > _MOST_ACCOUNTS:
        return f"there are {len(values)} service accounts", f"At most {_MOST_ACCOUNTS} are allowed."
    return next(filter(None, map(account_flaw, values)), None)


def account_flaw(value: str) -> Flaw | None:
    """Judge a service account, ``name`` or ``namespace/name``."""
    namespace, slash, name = value.partition("/")
    sound = namespace and (name or not slash) and "/" not in name
    if not sound or "*" in value or len(value.encode()) > _LONGEST_ACCOUNT:
        return f'"{value}" is no service account', "Write name or namespace/name, without wildcards."
    return None
