"""Names: DNS labels, host names with and without wildcards, labels of Kubernetes, gateways, exportTo.

Source: RFC 1123 as istiod reads it (upper case is fine, a label has at most 63 characters, a name 255).
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, Flaw
from meshwright.checks.validation.values import is_ip
from meshwright.frontends.istio.objects import text

LONGEST_LABEL = 63
_LONGEST_NAME = 255
_LONGEST_PREFIX = 253

_DNS_LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_QUALIFIED = "(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL = re.compile(_DNS_LABEL)
_FIRST_LABEL = re.compile(rf"\*|(?:\*-?)?{_DNS_LABEL}")
_KEY = re.compile(rf"({_DNS_LABEL}(?:\.{_DNS_LABEL})*/)?({_QUALIFIED})")
_VALUE = re.compile(f"(?:{_QUALIFIED})?")
_NUMBER = re.compile(r"[+-]?[0-9]+")

_HOST_REMEDY = "Give a host name: labels of letters, digits and hyphens, joined by dots."


@lru_cache(maxsize=8192)
def is_dns_label(name: str) -> bool:
    """Tell whether a name is one label of a host name."""
    return len(name) <= LONGEST_LABEL and _LABEL.fullmatch(name) is not None


def label_flaw(name: str, what: str) -> Flaw | None:
    """Judge a name that has to be a DNS label; ``what`` says of what, such as ``port name``."""
    if is_dns_label(name):
        return None
    wrong = f'"{name}" is no {what}' if name else f"the {what} is empty"
    return wrong, f"Use letters, digits and hyphens, at most {LONGEST_LABEL} characters."


@lru_cache(maxsize=8192)
def fqdn_flaw(name: str) -> Flaw | None:
    """Judge a host name without a wildcard; a short one will do."""
    return _length_flaw(name) or _labels_flaw(name, name)


@lru_cache(maxsize=8192)
def host_flaw(name: str) -> Flaw | None:
    """Judge a host name whose first label may be, or begin with, ``*``."""
    flaw = _length_flaw(name)
    if flaw is not None:
        return flaw
    first, dot, rest = name.partition(".")
    if len(first) > LONGEST_LABEL or _FIRST_LABEL.fullmatch(first) is None:
        return f'"{name}" is no host name: the label "{first}" is not valid', _HOST_REMEDY
    return _labels_flaw(name, rest) if dot else None


def _length_flaw(name: str) -> Flaw | None:
    if not name:
        return "a host name is empty", "Name the host."
    if len(name.encode()) > _LONGEST_NAME:
        return f'"{name[:40]}…" is too long for a host name', f"At most {_LONGEST_NAME} characters are allowed."
    return None


def _labels_flaw(whole: str, name: str) -> Flaw | None:
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]) and -(1 << 63) <= int(labels[-1]) < 1 << 63:
        return f'"{whole}" is no host name: its last label is a number', _HOST_REMEDY
    for place, label in enumerate(labels):
        if not label and place == len(labels) - 1:
            return None
        if not is_dns_label(label):
            return f'"{whole}" is no host name: the label "{label}" is not valid', _HOST_REMEDY
    return None


def partial_wildcard_flaw(host: str) -> Flaw | None:
    """Judge a host with a wildcard that is more, or less, than its first label."""
    if "*" in host and len(host) != 1 and not host.startswith("*."):
        return f'"{host}" has a wildcard for a part of a label', "Use * for the whole first label, as in *.example.com."
    return None


def address_or_fqdn_flaw(name: str) -> Flaw | None:
    """Judge what has to be an IP address or a host name without wildcard."""
    if is_ip(name) or fqdn_flaw(name) is None:
        return None
    return f'"{name}" is neither an IP address nor a host name', "Give one of both."


def label_faults(path: str, labels: Mapping[str, Any]) -> Faults:
    """Find keys and values that are no labels of Kubernetes."""
    for key, value in labels.items():
        found = _KEY.fullmatch(key)
        prefix, name = (found[1] or "", found[2]) if found is not None else ("", "")
        if found is None or len(prefix) - 1 > _LONGEST_PREFIX or len(name) > LONGEST_LABEL:
            remedy = "A key is letters, digits, - _ and ., with a host name and a slash in front at most."
            yield Fault(f"{path}.{key}", f'"{key}" is no key of a label', remedy)
        if not _VALUE.fullmatch(text(value)):
            remedy = "A value is letters, digits, - _ and ., and begins and ends with a letter or digit."
            yield Fault(f"{path}.{key}", f'"{value}" is no value of a label', remedy)


def gateway_faults(path: str, names: Iterable[str], made_of_gateway_api: bool = False) -> Faults:
    """Find names of Gateways that istiod does not read. What comes after an old one, ``name.ns``, it leaves unread."""
    for place, name in enumerate(names):
        where = f"{path}[{place}]"
        namespace, slash, own = name.partition("/")
        if not slash:
            if "." in name:
                own, namespace = name.split(".")[:2]
                wrong = f'"{name}" names a Gateway in the old way'
                yield Fault(where, wrong, f"Write {namespace}/{own}.", warning=True)
            flaw = fqdn_flaw(name)
            if flaw is not None:
                yield Fault(where, f'"{name}" names no Gateway', "Write namespace/name.")
            return
        if not is_dns_label(namespace) or (not is_dns_label(own) and not (own and made_of_gateway_api)):
            remedy = "Write namespace/name, each of letters, digits and hyphens."
            yield Fault(where, f'"{name}" names no Gateway', remedy)


def export_faults(
    path: str, namespace: str, exported: Iterable[str], *, to_nobody: bool = False, selects: bool = False
) -> Faults:
    """Find values of exportTo that are not valid, or exclude each other.

    Args:
        path: Of the list.
        namespace: Of the object.
        exported: The list.
        to_nobody: ``~`` is allowed.
        selects: It is a DestinationRule with a workloadSelector, which no other namespace may see.
    """
    names = list(exported)
    seen: set[str] = set()
    for place, name in enumerate(names):
        meant = namespace if name == "." else name
        where = f"{path}[{place}]"
        if meant in seen:
            yield Fault(where, f'"{name}" is named twice', "Remove one of the two.")
        elif (to_nobody and name == "~") or meant in (".", "*") or is_dns_label(meant):
            seen.add(meant)
        else:
            yield Fault(where, f'"{name}" is no namespace', "Give a namespace, . or *.")
    several = len(names) > 1
    if selects and seen and (namespace not in seen or len(seen) > 1):
        remedy = "Export it to . alone, or leave exportTo out."
        yield Fault(path, "a DestinationRule with a workloadSelector is for its own namespace alone", remedy)
    if "*" in seen and several:
        yield Fault(path, '"*" includes every other value of exportTo', "Keep * or the other values.")
    if "~" in seen and several:
        yield Fault(path, '"~" means nobody, and others are named beside it', "Keep ~ or the other values.")
