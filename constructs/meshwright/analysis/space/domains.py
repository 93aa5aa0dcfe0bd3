"""What each part of a request can be when routes are tried: normalised, and with what the proxy itself sets.

Source: Envoy docs, "HTTP header manipulation" and "HttpConnectionManager", normalize_path; asked of Envoy 1.40.
"""

import re
import string
from functools import lru_cache

from meshwright.analysis.hosts import Hosts, is_authority, without_port
from meshwright.analysis.space.byte_classes import bytes_mask
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.language import NO_WORD, Language, pattern_language
from meshwright.analysis.space.pattern import Bytes, Choice, Repeat, Sequence, Tree, literal
from meshwright.analysis.space.slots import Domain, Slot
from meshwright.analysis.subject import Subject
from meshwright.analysis.text import lowered
from meshwright.traffic import RouteConfiguration
from meshwright.traffic.table import PathNormalisation

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_is_token = re.compile(_TOKEN).fullmatch
_is_parameter = re.compile(r"[\x21-\x7e]+").fullmatch

_UNRESERVED = "2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe]"
_PATH = r"/[!$%&'()*+,\-./0-9:;=@A-Z\[\]_a-z~]*"
_NEVER_NORMAL = rf".*%(00|{_UNRESERVED}).*|.*/\.\.?(/.*)?"
_NEVER_MERGED = "//.+|.+//.*"
_NEVER_DECODED = ".*%(2[Ff]|5[Cc]).*"
_UNTOUCHED = r"/[\x21\x22\x24-\x3e\x40-\x7e]*"
_PATH_EXAMPLES = ("/", "/x", "/~", "/x/y", "/~x/~y")

_BEYOND_ASCII = (
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_SEEN = rf"(?:[\x21-\x7e]|{_BEYOND_ASCII})"
_VALUE = rf"(?:{_SEEN}(?:(?:[\t ]|{_SEEN})*{_SEEN})?)?"
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH")
_AUTHORITY_LETTERS = string.ascii_letters + string.digits + "-._~%!$&'()*+,;=:@[]"


@lru_cache(maxsize=8)
def path_slot(how: PathNormalisation) -> Slot:
    """Return the slot of the path; it is absent from CONNECT requests, and from no others."""
    if how == "NONE":
        domain = Domain(pattern_language(_UNTOUCHED), (), _PATH_EXAMPLES)
    else:
        never = [_NEVER_NORMAL]
        if how in ("MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"):
            never.append(_NEVER_MERGED)
        if how == "DECODE_AND_MERGE_SLASHES":
            never.append(_NEVER_DECODED)
        domain = Domain(pattern_language(_PATH), tuple(map(pattern_language, never)), _PATH_EXAMPLES)
    return Slot("path", domain)


CONNECT = Slot("path", Domain(NO_WORD), optional=True, possible=False)
"""The path of a CONNECT request."""

METHOD = Slot(":method", Domain(pattern_language(_TOKEN), (pattern_language("CONNECT"),), _METHODS, usual=True))
CONNECT_METHOD = Slot(":method", Domain(pattern_language("CONNECT"), (), ("CONNECT",)))

_VALUES = Domain(pattern_language(_VALUE), (), ("x", "1", "true", ""))
_ON_THE_WIRE = Domain(pattern_language(r"[\x21\x22\x24\x25\x27-\x7e]*"), (), ("x", "1", ""))


def query_slot(name: str) -> Slot:
    """Return the slot of a query parameter, as written: Envoy decodes nothing here."""
    possible = _is_parameter(name) is not None and not any(mark in name for mark in "&=#")
    return Slot(f"query {name}", _ON_THE_WIRE, optional=True, possible=possible)


def claim_slot(path: tuple[str, ...]) -> Slot:
    """Return the slot of a claim of a token, which only the one who issues tokens chooses."""
    return Slot("claim " + ".".join(path), _VALUES, optional=True, repeats=True, known=False)


def header_slot(name: str, at_the_edge: bool, repeats: bool = True) -> Slot:
    """Return the slot of a header, by asking what becomes of it when it is sent once, twice and not at all.

    Args:
        repeats: Requests may send a header several times.

    A header that the proxy takes away may be one that it writes again by itself: that it is never there is not said.
    """
    if name == "te":
        trailers = Domain(pattern_language("(trailers)?"), (), ("trailers", ""))
        return Slot("header te", trailers, optional=True)
    if not _is_token(name):
        return Slot(f"header {name}", _VALUES, optional=True, possible=False)
    optional = _seen(name, (), at_the_edge) is None
    known = _seen(name, ("1",), at_the_edge) == ("1",)
    several = repeats and known and _seen(name, ("1", "2"), at_the_edge) == ("1", "2")
    return Slot(f"header {name}", _VALUES, optional=optional, repeats=several, known=known)


def _seen(name: str, values: tuple[str, ...], at_the_edge: bool) -> tuple[str, ...] | None:
    pairs = [(name, value) for value in values]
    return Subject("GET", "a", "/", pairs, "http", at_the_edge).headers.get(name)


def proto_slot(entrance: Entrance) -> Slot:
    """Return the slot of how the request came: ``p`` or ``s`` for the connection, then x-forwarded-proto.

    ``:scheme`` follows from both; a gateway writes the header itself.
    """
    schemes = dict.fromkeys(door.scheme for door in entrance.doors)
    if entrance.virtual_host.require_tls != "none":
        schemes = dict.fromkeys(("https",))
    marks = {"http": "p", "https": "s"}
    plain = [marks[scheme] + scheme for scheme in schemes]
    if entrance.at_the_edge:
        domain = Domain(pattern_language("|".join(plain), *plain), (), tuple(plain))
    elif entrance.virtual_host.require_tls != "none":
        told = ["phttps", "shttps"]
        domain = Domain(pattern_language("[ps]https", *told), (), tuple(told))
    else:
        kinds = "".join(each[0] for each in plain)
        told = [kind + scheme for kind in kinds for scheme in ("http", "https")]
        domain = Domain(pattern_language(f"[{kinds}]{_VALUE}"), (pattern_language("[ps]"),), tuple(told))
    return Slot("proto", domain)


_NO_SCHEME = "(?i:h|ht|htt|[^h].*|h[^t].*|ht[^t].*|htt[^p].*|http[^s].*|https.+)?"


def scheme_language(http: bool, https: bool) -> Language:
    """Return the words of ``proto_slot`` whose ``:scheme`` is one of those that are ``True``."""
    found = []
    if http:
        found += ["[ps](?i:http)", f"p{_NO_SCHEME}"]
    if https:
        found += ["[ps](?i:https)", f"s{_NO_SCHEME}"]
    return pattern_language("|".join(found), "phttp", "shttps") if found else NO_WORD


def authority_slot(entrance: Entrance) -> Slot:
    """Return the slot of the authority: what the domains of the virtual host take, and no other's take away."""
    host = entrance.virtual_host
    configuration = entrance.configuration or RouteConfiguration("", (host,))
    hosts = Hosts(configuration)
    ignore_port = configuration.ignore_port_in_host_matching

    def test(word: str) -> bool:
        found = hosts.find(word) if is_authority(word) else None
        return found is not None and found[0] is host

    own = host.domains
    others = [domain for each in configuration.virtual_hosts if each is not host for domain in each.domains]
    wildcards = [_rank(domain) for domain in own if "*" in domain]
    stronger = [each for each in others if wildcards and _rank(each) > max(wildcards) and not _takes_any(each, own)]
    inside = Language(test, lambda: _any_domain(own, ignore_port))
    outside = Language(lambda _: False, lambda: _any_domain(stronger, ignore_port))
    examples = tuple(
        filter(test, (each.replace("*", some) for each in own for some in ("x", "any", "other-host", "z")))
    )
    return Slot(":authority", Domain(inside, (outside,), examples, test))


def _takes_any(wildcard: str, domains: tuple[str, ...]) -> bool:
    """Tell whether ``wildcard`` would take one of ``domains``, which are stronger where they are exact."""
    if wildcard.startswith("*"):
        return any(lowered(each).endswith(lowered(wildcard[1:])) for each in domains if "*" not in each)
    beginning = lowered(wildcard[:-1])
    return wildcard.endswith("*") and any(lowered(each).startswith(beginning) for each in domains if "*" not in each)


def _rank(domain: str) -> tuple[int, int]:
    if domain == "*":
        return 0, 0
    kind = 2 if domain.startswith("*") else 1 if domain.endswith("*") else 3
    return kind, len(domain)


def _any_domain(domains: "tuple[str, ...] | list[str]", ignore_port: bool) -> Tree:
    return Choice(tuple(part for each in domains for part in _domain(each, ignore_port)))


def _domain(domain: str, ignore_port: bool) -> list[Tree]:
    """Return what a domain takes; where ports are ignored, the last colon and what follows are one."""
    letters = bytes_mask(map(ord, _AUTHORITY_LETTERS))
    whole = _spelled(domain, letters)
    if not ignore_port or domain == "*":
        return [whole]
    ported = Sequence((whole, literal(":"), Repeat(Bytes(letters & ~bytes_mask(b":]")), 0, None)))
    if without_port(domain) != domain:
        return [ported]
    return [_spelled(domain, letters & ~bytes_mask(b":")), ported]


def _spelled(domain: str, letters: int) -> Tree:
    if domain == "*":
        return Repeat(Bytes(letters), 0, None)
    some = Repeat(Bytes(letters), 1, None)
    if domain.startswith("*"):
        return Sequence((some, literal(domain[1:], ignore_case=True)))
    if domain.endswith("*"):
        return Sequence((literal(domain[:-1], ignore_case=True), some))
    return literal(domain, ignore_case=True)


def nowhere_slot(name: str) -> Slot:
    """Return a slot for what is computed from others; conditions on it can be tested, but no value found for them."""
    return Slot(name, _VALUES, computed=True)
