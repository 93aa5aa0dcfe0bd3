"""Plain values: ports, durations, addresses, percentages, regular expressions, statuses."""

from functools import lru_cache
from ipaddress import ip_address

from meshwright.checks.validation.fault import Flaw
from meshwright.frontends.istio.durations import parse_nanoseconds
from meshwright.frontends.istio.protocols import UNSUPPORTED, parse_protocol

_MILLISECOND = 1_000_000
_LONGEST_REGEX = 1024
_HIGHEST_PORT = 65535
_UNIX = "unix://"

PROTOCOLS = "HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, REDIS or MYSQL"


def port_flaw(number: int) -> Flaw | None:
    """Judge the number of a port."""
    if 0 < number <= _HIGHEST_PORT:
        return None
    return f"{number} is no port", f"Give a number from 1 to {_HIGHEST_PORT}."


def protocol_flaw(protocol: str) -> Flaw | None:
    """Judge the protocol of a port; an empty one is detected."""
    if not protocol or parse_protocol(protocol) != UNSUPPORTED:
        return None
    return f'"{protocol}" is no protocol that Istio knows', f"Choose {PROTOCOLS}."


def readable_flaw(value: object) -> Flaw | None:
    """Judge a duration that may have any length."""
    if isinstance(value, str) and parse_nanoseconds(value) is None:
        return f'"{value}" is no duration', "Write a number and its unit, such as 1.5s, 200ms or 1h30m."
    return None


def duration_flaw(value: object) -> Flaw | None:
    """Judge a duration that has to be positive and of whole milliseconds."""
    nanoseconds = parse_nanoseconds(value)
    if nanoseconds is None:
        return readable_flaw(value)
    if nanoseconds < _MILLISECOND:
        return f"{value} is less than a millisecond", "Give 1ms or more, or leave it out."
    if nanoseconds % _MILLISECOND:
        return f"{value} is no whole number of milliseconds", "Round it to milliseconds."
    return None


def percent_flaw(value: float) -> Flaw | None:
    """Judge a percentage."""
    return None if 0 <= value <= 100 else (f"{value} is no percentage", "Give 0 to 100.")


def fraction_flaw(value: float) -> Flaw | None:
    """Judge a percentage that Envoy keeps in steps of a millionth."""
    if value == 0 or 0.0001 <= value <= 100:
        return None
    return f"{value} is no percentage that Envoy can keep", "Give 0, or 0.0001 to 100."


def is_ip(address: str) -> bool:
    """Tell whether a text is an IP address."""
    if not address or not (address[0].isdigit() or ":" in address):
        return False
    number, percent, zone = address.partition("%")
    if percent and (not zone or ":" not in number):
        return False
    try:
        ip_address(number)
    except ValueError:
        return False
    return True


def ip_flaw(address: str) -> Flaw | None:
    """Judge an IP address."""
    return None if is_ip(address) else (f'"{address}" is no IP address', "Give an IPv4 or IPv6 address.")


def prefix_flaw(block: str) -> Flaw | None:
    """Judge a block of addresses such as ``10.0.0.0/8``."""
    address, _, bits = block.rpartition("/")
    width = 128 if ":" in address else 32
    plain = bits.isascii() and bits.isdigit() and (bits == "0" or bits[0] != "0")
    if plain and len(bits) <= 3 and int(bits) <= width and "%" not in address and is_ip(address):
        return None
    return f'"{block}" is no block of addresses', "Write address/bits, such as 10.0.0.0/8."


def subnet_flaw(block: str) -> Flaw | None:
    """Judge an address or a block of addresses."""
    return prefix_flaw(block) if block.count("/") == 1 else ip_flaw(block)


def is_unix(address: str) -> bool:
    """Tell whether an address is that of a Unix socket."""
    return address.startswith(_UNIX)


def unix_flaw(address: str) -> Flaw | None:
    """Judge the address of a Unix socket: ``unix:///path/to/socket`` or ``unix://@abstract``."""
    path = address.removeprefix(_UNIX)
    if path.startswith("@") or (path.startswith("/") and not path.endswith("/")):
        return None
    return f'"{address}" is no Unix socket', "Write unix:///path/to/socket."


def bind_flaw(address: str) -> Flaw | None:
    """Judge the address that a listener binds to, if it has one."""
    return ip_flaw(address) if address else None


@lru_cache(maxsize=4096)
def regex_flaw(pattern: str) -> Flaw | None:
    """Judge a regular expression, which RE2 has to read."""
    if len(pattern.encode()) > _LONGEST_REGEX:
        wrong = f"the regular expression has {len(pattern.encode())} bytes"
        return wrong, f"At most {_LONGEST_REGEX} are allowed: split the rule."
    problem = re2_problem(pattern)
    if problem:
        return (
            f'"{pattern}" is no regular expression of RE2: {problem}',
            "RE2 has neither look-around nor back-references.",
        )
    return None


def re2_problem(pattern: str) -> str:
    """Return why RE2 cannot read a pattern, empty when it can."""
    import re2  # type: ignore[import-untyped]  # only objects with regular expressions pay for it

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        found = error.args[0] if error.args else ""
        return found.decode(errors="replace") if isinstance(found, bytes) else str(found)
    return ""


def http_status_flaw(status: int) -> Flaw | None:
    """Judge the status of a response."""
    return None if 200 <= status <= 600 else (f"{status} is no status that a response may have", "Give 200 to 599.")
