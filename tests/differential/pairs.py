"""Pairs of random meshes that are related as two commits are, requests to both, and what must hold of their difference.

What a request gets is told here from the decisions alone, not with the words or values of the difference.
"""

import copy
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.analysis.traffic_diff import traffic_diff
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Forward, Redirect, Request
from tests.analysis.strategies import HOSTS, random_request
from tests.differential.meshes import RandomMesh, destination_rules, gateways, layer4_meshes, meshes, virtual_services
from tests.differential.rules import http_rules

KINDS = ("VirtualService", "Gateway", "DestinationRule", "Service", "Sidecar", "PeerAuthentication", "ServiceEntry")


@st.composite
def pairs(draw):
    """Two meshes, the second made from the first by a few edits; now and then of its own."""
    kind = meshes() if draw(st.integers(0, 3)) else layer4_meshes()
    before = draw(kind)
    if draw(st.integers(0, 9)) == 0:
        after = draw(kind)
        return before, RandomMesh(after.objects, before.proxies, before.mesh)
    objects = copy.deepcopy(list(before.objects))
    for number in range(draw(st.integers(1, 4))):
        objects = edited(draw, objects, 20 + number)
    return before, RandomMesh(tuple(objects), before.proxies, before.mesh)


def edited(draw, objects, number):
    """Return the objects after one edit that somebody might make."""
    what = draw(st.sampled_from(["remove", "again", "rule", "rule", "rule", "setting", "setting", "add"]))
    places = [place for place, each in enumerate(objects) if each["kind"] != "Service" or what == "remove"]
    ruled = [place for place in places if objects[place]["kind"] == "VirtualService"]
    if what == "add" or not places:
        names = gateway_names(objects)
        return [*objects, draw(virtual_services(number, names, []))]
    if what in ("rule", "setting") and ruled:
        place = draw(st.sampled_from(ruled))
        objects[place] = with_other_rules(draw, objects[place], what, objects)
        return objects
    place = draw(st.sampled_from(places))
    if what == "remove":
        return objects[:place] + objects[place + 1 :]
    objects[place] = drawn_again(draw, objects[place], objects)
    return objects


def gateway_names(objects):
    return [
        f"{each['metadata']['namespace']}/{each['metadata']['name']}" for each in objects if each["kind"] == "Gateway"
    ]


def drawn_again(draw, old, objects):
    """Return an object of the same kind, name, namespace and age that says something else."""
    number = 1
    fresh = {
        "VirtualService": lambda: draw(virtual_services(number, gateway_names(objects), [])),
        "Gateway": lambda: draw(gateways("any")),
        "DestinationRule": lambda: draw(destination_rules(number)),
    }.get(old["kind"])
    return {**old, "spec": fresh()["spec"]} if fresh is not None else old


def with_other_rules(draw, old, what, objects):
    """Return a VirtualService with rules changed, added, removed or in another order; or with another setting."""
    new = copy.deepcopy(old)
    rules = new["spec"].get("http")
    if not rules:
        return new
    place = draw(st.integers(0, len(rules) - 1))
    if what == "setting":
        kind = draw(st.sampled_from(["timeout", "weight", "subset", "rewrite", "condition", "retries"]))
        rule = rules[place]
        if kind == "timeout" and "route" in rule:
            rule["timeout"] = draw(st.sampled_from(["3s", "4s", "0s"]))
        elif kind == "retries" and "route" in rule:
            rule["retries"] = {"attempts": draw(st.integers(0, 3))}
        elif kind == "weight" and len(rule.get("route", ())) > 1:
            rule["route"][0]["weight"] = draw(st.integers(1, 100))
        elif kind == "subset" and rule.get("route"):
            rule["route"][0]["destination"]["subset"] = draw(st.sampled_from(["v1", "v2", "v9"]))
        elif kind == "rewrite" and rule.get("route"):
            rule["rewrite"] = draw(st.sampled_from([{"uri": "/z"}, {"uri": "/"}, {"authority": "h.com"}]))
        elif kind == "condition":
            other = draw(http_rules()) if draw(st.booleans()) else {"match": [{"uri": {"prefix": "/a"}}]}
            rule.pop("match", None)
            rule.update({name: value for name, value in other.items() if name == "match"})
        return new
    kind = draw(st.sampled_from(["remove", "insert", "move", "swap"]))
    if kind == "insert":
        rules.insert(place, draw(http_rules()))
    elif kind == "remove" and len(rules) > 1:
        rules.pop(place)
    elif kind == "swap" and len(rules) > 1:
        rules.insert(0, rules.pop(place))
    elif kind == "move":
        others = [each for each in objects if each is not old and each["kind"] == "VirtualService"]
        others = [each for each in others if each["spec"].get("http")]
        if others and len(rules) > 1:
            draw(st.sampled_from(others))["spec"]["http"].append(rules.pop(place))
    return new


@dataclass
class Counts:
    """What a run saw."""

    pairs: int = 0
    changed: int = 0
    changes: int = 0
    regions: int = 0
    witnesses: int = 0
    unproven: int = 0
    requests: int = 0
    differing: int = 0


def compiled(mesh):
    return compile_mesh(read_text(mesh.text), MeshOptions(mesh_config=mesh.mesh))


def check_pair(pair, seed, requests, counts):
    """Compare two meshes, and return what is wrong with their difference; nothing should be."""
    before, after = map(compiled, pair)
    found = traffic_diff(before, after)
    wrong = []
    counts.pairs += 1
    counts.changed += bool(found.changes)
    counts.changes += len(found.changes)
    for change in found.changes:
        for region in change.regions:
            counts.regions += 1
            witness = region.witness
            if witness is None:
                counts.unproven += 1
                if not region.because:
                    wrong.append(("no witness and no reason", region.words))
                continue
            counts.witnesses += 1
            if change.kind != "unknown" and told(witness.before) == told(witness.after):
                wrong.append(("a witness that proves nothing", region.words, witness.request))
            if not region.holds(witness.proxy, witness.request):
                wrong.append(("a witness outside of its region", region.words, witness.request))
    random = QuickRandom(seed)
    proxies = [*dict.fromkeys((*before.gateways(), *after.gateways())), *senders(before, after)]
    regions = [region for change in found.changes for region in change.regions]
    for proxy in proxies:
        tables = before.route_table(proxy), after.route_table(proxy)
        one, two = map(Side, tables)
        draw = requests_to(tables)
        for _ in range(max(1, requests // len(proxies))):
            request = draw(random)
            counts.requests += 1
            if one.told(request) == two.told(request):
                continue
            counts.differing += 1
            if not any(region.holds(proxy, request) for region in regions):
                decisions = one.decider.decide(request), two.decider.decide(request)
                wrong.append(("a request outside of all regions", proxy, request, *map(seen, decisions)))
    return wrong


class QuickRandom(Random):
    """Chooses in a fifth of the time, a little less evenly; requests are drawn by the million."""

    def choice(self, seq):
        return seq[int(self.random() * len(seq))]


class Side:
    """What requests get from one version of a proxy; what a route gives to all of its requests is made once."""

    def __init__(self, table):
        self.decider = Decider(table)
        self._known = {}

    def told(self, request):
        decision = self.decider.decide(request)
        key = (decision.reason, id(decision.chain), id(decision.route), decision.status)
        fixed = self._known.get(key)
        if fixed is None:
            fixed = self._known[key] = told_of_route(decision)
        return fixed, told_of_request(decision)


def senders(before, after):
    there = set(before.senders())
    return [each for each in after.senders() if each in there]


def seen(decision):
    return (
        decision.reason,
        decision.clusters,
        decision.path,
        decision.location,
        decision.route and decision.route.origin,
    )


def requests_to(tables):
    """Return a function that gives requests which are close to what one of two versions of a proxy looks for."""
    prepared = [drawn_from(table) for table in tables]
    return lambda random: random.choice(prepared)(random)


def drawn_from(table):
    configurations = [each for each in table.route_configurations if each.virtual_hosts]
    configurations = [each for each in configurations if not each.name.startswith("inbound")]
    listeners = [each for each in table.listeners if not each.name.startswith("virtual")]
    ports = [80, 443, 8080, 9000, *(each.port for each in listeners)]
    addresses, names = {}, {}
    for port in ports:
        mine = [each for each in listeners if each.port == port]
        addresses[port] = [each.address for each in mine if "/" not in each.address] or [""]
        names[port] = [name for each in mine for chain in each.chains for name in chain.match.server_names]

    def request_from(random):
        if configurations:
            request = random_request(random, random.choice(configurations))
        else:
            request = Request("GET", random.choice(HOSTS), random.choice(["/", "/a", "/a/b"]))
        port = random.choice(ports)
        address = random.choice(addresses[port])
        address = "" if address == "0.0.0.0" or random.random() < 0.3 else address
        sni = None
        if random.random() < 0.4:
            wanted = [*names[port], request.authority.partition(":")[0], "other.example.com"]
            sni = random.choice(wanted).replace("*", "any")
        scheme = "http" if sni is None else "https"
        return Request(request.method, request.authority, request.path, request.headers, scheme, port, sni, address)

    return request_from


def told(decision):
    """Return what a request gets, told so that only traffic counts."""
    return told_of_route(decision), told_of_request(decision)


def told_of_request(decision):
    """Return what depends on the request itself."""
    if decision.outcome in ("no_listener", "unknown"):
        return ()
    kept = decision.reason != "aborted" and not decision.status
    return decision.path if kept else None, decision.authority if kept else None, decision.location


def told_of_route(decision):
    """Return what all requests get that come by one chain, meet one route and end for one reason."""
    if decision.outcome in ("no_listener", "unknown"):
        return (decision.outcome,)
    tls = (decision.chain.tls, decision.chain.credential) if decision.chain and decision.chain.tls != "none" else None
    route = decision.route
    shares = {}
    total = sum(each.weight for each in decision.clusters)
    for each in decision.clusters:
        if each.weight or len(decision.clusters) == 1:
            part = (each.weight or 1) / (total or 1)
            key = (meaning(decision.table, each.name), each.host_rewrite, str(each.header_changes))
            shares[key] = round(shares.get(key, 0) + part, 9)
    aborted = decision.reason == "aborted"
    action = route.action if route is not None else None
    if not isinstance(action, Forward) or decision.reason in ("preflight", "aborted", "tcp", "cluster_missing"):
        rest = ()
    else:
        rest = (
            action.timeout or None,
            action.retries if action.retries and action.retries.attempts else None,
            tuple(sorted((str(meaning(decision.table, each.cluster)), each.percent) for each in action.mirrors)),
            action.hash_policies,
            route.cors,
        )
    fault = route.fault if route is not None and decision.reason != "preflight" else None
    if fault is not None and fault.delay is None and (fault.abort is None or not fault.abort.percent):
        fault = None
    changes = route.header_changes if route is not None and not aborted and decision.reason != "preflight" else None
    return (
        tls,
        "redirect" if isinstance(action, Redirect) and decision.reason != "aborted" else None,
        decision.status,
        {} if aborted else shares,
        rest,
        fault,
        str(changes),
    )


def meaning(table, name):
    cluster = table.clusters.get(name)
    if cluster is None:
        return name
    if not cluster.hostname:
        return name
    policy = (cluster.tls, cluster.sni, cluster.connect_timeout, cluster.settings)
    return (cluster.hostname, cluster.port, cluster.labels, cluster.resolution, policy)
