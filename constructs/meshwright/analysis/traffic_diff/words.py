"""What routes do, in the words of those who run the services: ``checkout v1 80 %, v2 20 %``; ``none``; ``5 s``."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction

from meshwright.analysis.traffic_diff.change import Answer, Aspect, ChangeKind, Destination
from meshwright.analysis.traffic_diff.facts import ASPECTS, Facts, Redirection, Rewriting, Share, Status, Target
from meshwright.analysis.wording import fault_words, seconds, value_words
from meshwright.traffic import CorsPolicy, Fault, HashPolicy, HeaderChanges, Origin, RetryPolicy

_WHY = {
    "rule": "no rule is for it",
    "missing": "the destination does not exist",
    "none": "the rule names no destination",
    "written": "as the rule says",
    "abort": "by an injected fault",
    "preflight": "the CORS policy answers the preflight",
    "bad": "Envoy refuses the request",
    "connection": "the connection is refused",
}
NOWHERE = "connection refused"
NONE = "none"


class Names:
    """Says hosts as briefly as they are told apart: ``reviews``, or ``reviews.shop`` where several are called so.

    Args:
        hosts: All full names.
    """

    def __init__(self, hosts: Iterable[str]) -> None:
        self._places: dict[str, set[str]] = {}
        for host in hosts:
            name, namespace = _split(host)
            if namespace:
                self._places.setdefault(name, set()).add(namespace)

    def short(self, host: str) -> str:
        """Return the short name."""
        name, namespace = _split(host)
        if not namespace:
            return host
        return name if len(self._places.get(name, ())) <= 1 else f"{name}.{namespace}"


def _split(host: str) -> tuple[str, str]:
    name, dot, rest = host.partition(".")
    namespace, svc, _ = rest.partition(".svc")
    return (name, namespace) if dot and svc and "." not in namespace else (host, "")


def kind_of(before: Facts, after: Facts) -> ChangeKind:
    """Return what a difference means to whoever sends the request."""
    old, new = lost(before), lost(after)
    if old < 1 <= new or (new > old and old < 1):
        return "refused"
    if new < 1 <= old or new < old:
        return "opened"
    if {"answer", "destination", "redirect"} & _differing(before, after):
        return "moved" if new < 1 else "altered"
    one, two = before.get("TLS"), after.get("TLS")
    if isinstance(one, tuple) and isinstance(two, tuple) and "mutual" in (one[0], two[0]) and one[0] != two[0]:
        return "refused" if two[0] == "mutual" else "opened"
    return "altered"


def lost(facts: Facts) -> Fraction:
    """Return the share of requests that nobody answers, 0 to 1."""
    answer = facts.get("answer", "forward")
    if answer is None:
        return Fraction(1)
    if isinstance(answer, Status):
        return Fraction(int(answer.code >= 400))
    found = Fraction(0)
    for share in _shares(facts):
        if share.target.state:
            found += share.part
    return found


def _shares(facts: Facts) -> tuple[Share, ...]:
    shares = facts.get("destination")
    return shares if isinstance(shares, tuple) else ()


def _differing(before: Facts, after: Facts) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


class Teller:
    """Tells facts in words."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def answer(self, facts: Facts, origins: tuple[Origin, ...]) -> Answer:
        """Return what one side does."""
        destinations = tuple(
            Destination(
                share.target.host,
                share.target.port,
                share.target.subset,
                float(100 * share.part),
                share.target.state,
                share.target.name,
            )
            for share in _shares(facts)
        )
        return Answer(self.answer_words(facts), lost(facts) < 1, destinations, origins)

    def answer_words(self, facts: Facts, detail: bool = False) -> str:
        """Return where requests end: destinations with their shares, a redirect, or a status with its reason."""
        answer = facts.get("answer", "forward")
        if answer is None:
            return NOWHERE
        if isinstance(answer, Status):
            if answer.why == "missing":
                missing = ", ".join(dict.fromkeys(self._missing(share.target) for share in _shares(facts)))
                return f"{answer.code}, {missing}"
            return f"{answer.code}, {_WHY[answer.why]}"
        if answer == "redirect":
            redirection = facts.get("redirect")
            return _redirect_words(redirection) if isinstance(redirection, Redirection) else "a redirect"
        return self.shares_words(_shares(facts), detail)

    def _missing(self, target: Target) -> str:
        name = self.names.short(target.host)
        return f"{name} has no subset {target.subset}" if target.subset else f"there is no service {name}"

    def shares_words(self, shares: tuple[Share, ...], detail: bool = False) -> str:
        """Return ``reviews v1 80 %, v2 20 %``."""
        told = []
        before = ""
        for share in shares:
            name = self.target_words(share.target, detail)
            host, _, rest = name.partition(" ")
            shown = rest if rest and host == before else name
            before = host
            own = f" as {share.host_rewrite}" if share.host_rewrite else ""
            part = f" {_percent(share.part)}" if len(shares) > 1 else ""
            state = {"missing": " (does not exist)", "empty": " (no workload behind it)"}.get(share.target.state, "")
            headers = f" [{_headers_words(share.headers)}]" if share.headers else ""
            told.append(f"{shown}{part}{own}{state}{headers}")
        return ", ".join(told) or "no destination"

    def target_words(self, target: Target, detail: bool = False) -> str:
        """Return ``reviews v1``; in detail with port and labels."""
        if target.host.startswith("inbound|"):
            return "the workload"
        if target.host in _PLACES:
            return _PLACES[target.host]
        name = self.names.short(target.host)
        port = f":{target.port}" if detail and target.port else ""
        labels = ",".join(f"{key}={value}" for key, value in target.labels)
        return f"{name}{port}" + (f" {target.subset}" if target.subset else "") + (f" ({labels})" if detail else "")

    def aspects(self, before: Facts, after: Facts) -> tuple[Aspect, ...]:
        """Return what differs, by weight."""
        return tuple(self._aspects(before, after))

    def _aspects(self, before: Facts, after: Facts) -> Iterator[Aspect]:
        differing = _differing(before, after)
        answers = before.get("answer"), after.get("answer")
        whole = "answer" in before and differing & {"answer", "destination", "redirect"}
        if whole:
            one, two = self.answer_words(before), self.answer_words(after)
            if one == two:
                one, two = self.answer_words(before, detail=True), self.answer_words(after, detail=True)
            else:
                one, two = self._whole(one, before, after), self._whole(two, after, before)
            yield Aspect("destination", one, two)
            if answers[0] != answers[1]:
                if "fault" in differing and lost(after) < 1:
                    faults = [self._words("fault", each.get("fault")) for each in (before, after)]
                    yield Aspect("fault", *faults)
                return
        for name in ASPECTS:
            if name in differing and name not in ("answer", "destination", "redirect"):
                yield Aspect(name, self._words(name, before.get(name)), self._words(name, after.get(name)))
        if "normalisation" in differing:
            yield Aspect("path normalisation", str(before["normalisation"]), str(after["normalisation"]))

    def _whole(self, words: str, own: Facts, other: Facts) -> str:
        """Return the words, saying that all of a service is meant where the other side means a part of it."""
        shares, others = _shares(own), _shares(other)
        if len(shares) != 1 or shares[0].target.labels or shares[0].target.state:
            return words
        split = any(each.target.host == shares[0].target.host and each.target.subset for each in others)
        return f"all of {words}" if split and not shares[0].target.subset else words

    def _words(self, name: str, value: object) -> str:
        if value is None:
            return {"path": "as sent", "host": "as sent"}.get(name, NONE)
        if isinstance(value, timedelta):
            return seconds(value)
        if isinstance(value, RetryPolicy):
            return _retry_words(value)
        if isinstance(value, Fault):
            return ", ".join(fault_words(value))
        if isinstance(value, HeaderChanges):
            return _headers_words(value)
        if isinstance(value, CorsPolicy):
            return _cors_words(value)
        if isinstance(value, Rewriting):
            return _rewriting_words(value)
        if isinstance(value, bytes):
            return f"{len(value)} bytes"
        return self._tuple_words(name, value) if isinstance(value, tuple) else str(value)

    def _tuple_words(self, name: str, value: tuple[object, ...]) -> str:
        if name == "mirror":
            told = [(self.target_words(each[0]), each[1]) for each in value if isinstance(each, tuple)]
            return ", ".join(f"{percent:g} % to {target}" for target, percent in told)
        if name == "hash":
            return ", ".join(_hash_words(each) for each in value if isinstance(each, HashPolicy))
        if name == "host":
            return str(value[0]) if value[0] else "the name of the endpoint"
        if name == "TLS":
            return " ".join(str(each) for each in value if each)
        return ", ".join(self._pair_words(each) for each in value) or NONE

    def _pair_words(self, value: object) -> str:
        if isinstance(value, tuple) and len(value) == 2:
            key, what = value
            if isinstance(key, Target):
                return f"{self.target_words(key)}: {self._tuple_words('', what) if isinstance(what, tuple) else what}"
            return f"{key} {what}"
        return str(value)


_PLACES = {
    "PassthroughCluster": "wherever it was going",
    "InboundPassthroughCluster": "wherever it was going",
    "BlackHoleCluster": "nowhere",
    "AllowAnyDynamicDNSCluster": "wherever its name leads",
}


def _percent(part: Fraction) -> str:
    return f"{float(100 * part):.4g} %"


def _redirect_words(redirection: Redirection) -> str:
    redirect, path = redirection.redirect, redirection.path
    if redirection.tls:
        return "301 to https"
    port = f":{redirect.port}" if redirect.port else ""
    host = f"{redirect.host or 'the same host'}{port}" if redirect.host or port else ""
    where = redirect.path or (_rewriting_words(path) if path is not None and path != Rewriting() else "")
    if redirect.scheme and (host or where):
        host = f"{redirect.scheme}://{host or 'the same host'}"
    elif redirect.scheme:
        host = redirect.scheme
    told = " ".join([host, where]) if where and not where.startswith("/") else f"{host}{where}"
    return f"{redirect.status} to {told or 'the same address'}"


def _rewriting_words(rewriting: Rewriting) -> str:
    if rewriting.regex is not None:
        return f"{rewriting.regex.pattern} becomes {rewriting.regex.substitution}"
    return rewriting.text if rewriting.length is None else f"{rewriting.text}…"


def _retry_words(policy: RetryPolicy) -> str:
    each = f", {seconds(policy.per_try_timeout)} a try" if policy.per_try_timeout else ""
    codes = f",{','.join(map(str, policy.retriable_status_codes))}" if policy.retriable_status_codes else ""
    backoff = f", {seconds(policy.backoff)} apart" if policy.backoff else ""
    return f"{policy.attempts} on {policy.retry_on}{codes}{each}{backoff}"


def _headers_words(changes: HeaderChanges) -> str:
    told = [f"{'add' if each.append else 'set'} {each.name}: {each.value}" for each in changes.request_add]
    told += [f"remove {name}" for name in changes.request_remove]
    told += [f"answer: {'add' if each.append else 'set'} {each.name}: {each.value}" for each in changes.response_add]
    told += [f"answer: remove {name}" for name in changes.response_remove]
    return ", ".join(told)


def _cors_words(policy: CorsPolicy) -> str:
    told = ["origin " + " or ".join(value_words(each) for each in policy.allow_origins)] if policy.allow_origins else []
    told += [f"methods {', '.join(policy.allow_methods)}"] if policy.allow_methods else []
    told += [f"headers {', '.join(policy.allow_headers)}"] if policy.allow_headers else []
    told += [f"exposes {', '.join(policy.expose_headers)}"] if policy.expose_headers else []
    told += [f"kept {seconds(policy.max_age)}"] if policy.max_age else []
    told += ["with credentials"] if policy.allow_credentials else []
    if policy.forward_not_matching_preflights is not None:
        told += [
            "other preflights go on" if policy.forward_not_matching_preflights else "other preflights are answered"
        ]
    return ", ".join(told) or "an empty policy"


def _hash_words(policy: HashPolicy) -> str:
    ttl = f" for {policy.ttl_ns / 1e9:g} s" if policy.ttl_ns else ""
    more = "".join(f" {name}={value}" for name, value in policy.attributes)
    return f"{policy.kind.replace('_', ' ')} {policy.name}{policy.path}{ttl}{more}".rstrip()
