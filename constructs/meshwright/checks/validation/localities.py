"""Localities, ``region/zone/subzone``. Source: Istio reference, "Destination Rule", LocalityLoadBalancerSetting."""

from collections.abc import Iterable, Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.frontends.istio.objects import entries, integer, section, text, texts

_TOPOLOGY = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone")
_TREE = dict[str, "_TREE"]


def locality_faults(path: str, settings: Mapping[str, Any], *, detects: bool) -> Faults:
    """Judge balancing by locality; ``detects`` says that an outlierDetection stands beside it."""
    shares, failovers = entries(settings.get("distribute")), entries(settings.get("failover"))
    priorities = texts(settings.get("failoverPriority"))
    if shares and failovers:
        yield Fault(f"{path}.failover", "it has distribute and failover", "Keep one of the two.")
        return
    topology = [place for place, name in enumerate(priorities) if name in _TOPOLOGY]
    if failovers and topology:
        wrong = f'failover orders regions, and failoverPriority names "{priorities[topology[0]]}"'
        yield Fault(f"{path}.failoverPriority[{topology[0]}]", wrong, "Keep one of the two.")
        return
    for place, share in enumerate(map(section, shares)):
        where = f"{path}.distribute[{place}].to"
        targets = section(share.get("to"))
        bad = [name for name, weight in targets.items() if not 0 < integer(weight) <= 100]
        if bad:
            yield Fault(f"{where}.{bad[0]}", f"{targets[bad[0]]} is no share", "Give 1 to 100.")
            return
        total = sum(map(integer, targets.values()))
        if total != 100:
            yield Fault(where, f"the shares add up to {total}", "Let them add up to 100.")
            return
        yield from _overlaps(where, targets)
    yield from _overlaps(f"{path}.distribute", [text(section(share).get("from")) for share in shares])
    yield from _failover_faults(path, failovers, priorities, detects)


def zone_faults(path: str, settings: Mapping[str, Any], *, detects: bool) -> Faults:
    """Judge balancing by zone; ``detects`` says that an outlierDetection stands beside it."""
    priorities = texts(settings.get("failoverPriority"))
    for place, name in enumerate(priorities):
        if name in _TOPOLOGY:
            wrong = f'"{name}" is what balancing by zone orders by itself'
            yield Fault(f"{path}.failoverPriority[{place}]", wrong, "Remove it.")
    yield from _failover_faults(path, entries(settings.get("failover")), priorities, detects)


def _failover_faults(path: str, failovers: list[Any], priorities: tuple[str, ...], detects: bool) -> Faults:
    if (failovers or priorities) and not detects:
        wrong = "nothing tells that a region has failed"
        yield Fault(path, wrong, "Add outlierDetection to the policy.", warning=True)
    for place, failover in enumerate(map(section, failovers)):
        where = f"{path}.failover[{place}]"
        regions = text(failover.get("from")), text(failover.get("to"))
        if regions[0] == regions[1]:
            yield Fault(where, f'it leads from "{regions[0]}" to itself', "Name two regions.")
        for mark, meaning in (("/", "is more than a region"), ("*", "has a wildcard")):
            found = next((region for region in regions if mark in region), None)
            if found is not None:
                yield Fault(where, f'"{found}" {meaning}', "Name a region.")


def _overlaps(path: str, localities: Iterable[str]) -> Faults:
    """Find the first locality that is not valid, or is covered by one before it."""
    seen: _TREE = {}
    for locality in localities:
        parts = locality.split("/", 2)
        stars = locality.count("*")
        if stars > 1 or (stars and not locality.endswith("*")):
            yield Fault(path, f'"{locality}" has a wildcard that is not its end', "Write region/*.")
        elif "*" in seen or (all(parts) and _covered(seen, parts)):
            yield Fault(path, f'"{locality}" is covered by another one', "Remove one of the two.")
        elif not all(parts):
            yield Fault(path, f'"{locality}" has an empty part', "Write region/zone/subzone.")
        else:
            continue
        return


def _covered(seen: _TREE, parts: list[str]) -> bool:
    """Tell whether a locality was met before; if not, add it."""
    *above, last = parts
    for part in above:
        if "*" in seen:
            return True
        seen = seen.setdefault(part, {})
    if "*" in seen or last in seen:
        return True
    seen[last] = {} if len(parts) == 3 else {"*": {}}
    return False
