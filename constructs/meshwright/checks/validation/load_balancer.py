"""Load balancing. Source: Istio reference, "Destination Rule", LoadBalancerSettings."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.localities import locality_faults, zone_faults
from meshwright.checks.validation.numbers import number
from meshwright.checks.validation.values import duration_flaw, readable_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text

_LARGEST_TABLE = 5_000_011


def balancer_faults(path: str, settings: Mapping[str, Any], *, detects: bool) -> Faults:
    """Judge load balancing; ``detects`` says that an outlierDetection stands beside it."""
    if isinstance(settings.get("consistentHash"), dict):
        yield from _hash_faults(f"{path}.consistentHash", settings["consistentHash"])
    local, zones = settings.get("localityLbSetting"), settings.get("zoneAwareLbSetting")
    if isinstance(local, dict) and isinstance(zones, dict):
        wrong = "it has localityLbSetting and zoneAwareLbSetting"
        yield Fault(f"{path}.zoneAwareLbSetting", wrong, "Keep one of the two.")
    if isinstance(local, dict):
        yield from locality_faults(f"{path}.localityLbSetting", local, detects=detects)
    if isinstance(zones, dict):
        yield from zone_faults(f"{path}.zoneAwareLbSetting", zones, detects=detects)
    if isinstance(settings.get("warmup"), dict):
        yield from _warmup_faults(f"{path}.warmup", settings["warmup"])


def _hash_faults(path: str, settings: Mapping[str, Any]) -> Faults:
    cookie = settings.get("httpCookie")
    if isinstance(cookie, dict):
        yield from _cookie_faults(f"{path}.httpCookie", cookie)
    maglev, ring = settings.get("maglev"), settings.get("ringHash")
    if integer(settings.get("minimumRingSize")):
        where = f"{path}.minimumRingSize"
        remedy = "Use ringHash.minimumRingSize."
        yield Fault(where, "minimumRingSize is deprecated", remedy, warning=True, told_by="MW830")
        if isinstance(maglev, dict) or isinstance(ring, dict):
            other = "maglev" if isinstance(maglev, dict) else "ringHash"
            yield Fault(where, f"it has minimumRingSize and {other}", f"Keep {other}.")
    if isinstance(maglev, dict):
        size = integer(maglev.get("tableSize"))
        if size >= _LARGEST_TABLE:
            wrong = f"a table of {size} is too large"
            yield Fault(f"{path}.maglev.tableSize", wrong, f"Give a prime number below {_LARGEST_TABLE}.")
        elif not _is_prime(size):
            wrong = f"{size} is no prime number" if size else "maglev has no tableSize"
            yield Fault(f"{path}.maglev.tableSize", wrong, "Give a prime number, such as 65537.")


def _is_prime(number: int) -> bool:
    if 0 < number < 4:
        return True
    return number > 3 and number % 2 == 1 and all(number % factor for factor in range(3, int(number**0.5) + 1, 2))


def _cookie_faults(path: str, cookie: Mapping[str, Any]) -> Faults:
    if not text(cookie.get("name")):
        yield Fault(f"{path}.name", "the cookie has no name", "Name it.")
    yield from at(f"{path}.ttl", readable_flaw(cookie.get("ttl")))
    seen: set[str] = set()
    for place, attribute in enumerate(map(section, entries(cookie.get("attributes")))):
        name = text(attribute.get("name"))
        where = f"{path}.attributes[{place}].name"
        if not name:
            yield Fault(where, "an attribute of the cookie has no name", "Name it.")
        elif name in seen:
            yield Fault(where, f'the attribute "{name}" is given twice', "Remove one of the two.")
        seen.add(name)


def _warmup_faults(path: str, warmup: Mapping[str, Any]) -> Faults:
    if warmup.get("duration") is None:
        yield Fault(f"{path}.duration", "warmup has no duration", "Give it one.")
    yield from at(f"{path}.duration", duration_flaw(warmup.get("duration")))
    if number(warmup.get("minimumPercent")) > 100:
        yield Fault(f"{path}.minimumPercent", f"{warmup['minimumPercent']} is no percentage", "Give 0 to 100.")
    if warmup.get("aggression") is not None and number(warmup["aggression"]) <= 0:
        yield Fault(f"{path}.aggression", f"aggression is {warmup['aggression']}", "Give more than 0.")
