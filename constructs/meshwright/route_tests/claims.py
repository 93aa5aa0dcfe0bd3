"""Claims about where requests go, for tests in Python; a claim is true or false, and says which request it is about."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from meshwright.analysis.decision import Decision
from meshwright.analysis.entry import Questions, request_to
from meshwright.errors import InputError
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read
from meshwright.traffic import Proxy


class Verdict:
    """Whether an expectation holds; false ones are explained in pytest's report."""

    def __init__(self, holds: bool, expectation: str, answer: "Answer") -> None:
        self._holds = holds
        self._text = expectation
        self._answer = answer

    def __bool__(self) -> bool:
        return self._holds

    def __repr__(self) -> str:
        return f"<{self._answer!r} {'does' if self._holds else 'does not'}: {self._text}>"


class Answer:
    """Where one request goes; every method is a claim about it that is true or false."""

    def __init__(self, decision: Decision, judged: "list[Decision]") -> None:
        self.decision = decision
        self._judged = judged

    def __repr__(self) -> str:
        request = self.decision.request
        return f"{request.method} {request.authority}{request.path}: {self.decision.because}"

    @property
    def status(self) -> int | None:
        """What Envoy itself answers; ``None`` when a destination answers."""
        self._judged.append(self.decision)
        return self.decision.status

    @property
    def path(self) -> str:
        """What the destination sees."""
        self._judged.append(self.decision)
        return self.decision.path

    def goes_to(
        self, service: str, *, subset: str | None = None, port: int | None = None, weight: float | None = None
    ) -> Verdict:
        """Claim that requests go to a service.

        Args:
            service: Host name, or its beginning up to a dot: ``cart``, ``cart.shop``.
            subset, port: Left out: any.
            weight: Percent of the requests; left out: all that are not elsewhere by weight, so at least some.
        """
        clusters = self.decision.clusters
        total = sum(each.weight for each in clusters) or 1
        fitting = [each for each in clusters if _is(each.name, service, subset, port)]
        share = 100 * sum(each.weight for each in fitting) / total
        sole = len(clusters) == 1 and bool(fitting)
        reaches = sole or share > 0
        holds = reaches if weight is None else reaches and abs((100 if sole else share) - weight) < 0.01
        wanted = [service, f"subset {subset}" if subset is not None else "", f"port {port}" if port else ""]
        wanted.append(f"{weight:g} %" if weight is not None else "")
        served = self.decision.status is None or self.decision.reason == "cluster_missing"
        return self._verdict(holds and served, "goes to " + " ".join(filter(None, wanted)))

    def redirects_to(self, location: str, *, status: int | None = None) -> Verdict:
        """Claim a redirect with this Location header."""
        decision = self.decision
        holds = decision.location == location and status in (None, decision.status)
        return self._verdict(holds, f"redirects to {location}")

    def answers(self, status: int) -> Verdict:
        """Claim that Envoy itself answers with ``status``."""
        return self._verdict(self.decision.status == status, f"is answered {status}")

    def times_out_after(self, seconds: float | timedelta | None) -> Verdict:
        """Claim the timeout in effect; ``None`` claims that there is none."""
        wanted = timedelta(seconds=seconds) if isinstance(seconds, (int, float)) else seconds
        holds = self.decision.outcome == "route" and self.decision.timeout == wanted
        return self._verdict(holds, f"times out after {wanted}" if wanted is not None else "never times out")

    def is_retried(self, times: int) -> Verdict:
        """Claim how often the request is tried again."""
        policy = self.decision.retries
        return self._verdict((policy.attempts if policy else 0) == times, f"is retried {times} times")

    def is_rewritten_to(self, path: str) -> Verdict:
        """Claim the path, with its query, that the destination sees."""
        return self._verdict(self.decision.outcome == "route" and self.decision.path == path, f"asks for {path}")

    def _verdict(self, holds: bool, expectation: str) -> Verdict:
        self._judged.append(self.decision)
        return Verdict(holds, expectation, self)


def _is(cluster: str, service: str, subset: str | None, port: int | None) -> bool:
    if cluster.count("|") < 3:
        return cluster == service
    _, its_port, its_subset, host = cluster.split("|", 3)
    if subset is not None and its_subset != subset:
        return False
    if port is not None and its_port != str(port):
        return False
    return host == service or host.startswith(f"{service}.")


class MeshUnderTest:
    """The mesh of one folder, asked request by request."""

    def __init__(self, questions: Questions, judged: "list[Decision]") -> None:
        self._questions = questions
        self._judged = judged

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        source: str | None = None,
        proxy: str | None = None,
    ) -> Answer:
        """Return where a request goes.

        Args:
            source: ``NAMESPACE/APP`` whose sidecar sends it; left out: it enters at the ingress gateway.
            proxy: The gateway that is meant, where several serve the URL: ``router/NAMESPACE/app=x``.

        Raises:
            InputError: Several gateways serve the URL, and disagree.
        """
        asked = request_to(method, url, (headers or {}).items())
        answers = self._questions.ask(asked, source, Proxy.from_text(proxy) if proxy is not None else None)
        if len({(each.outcome, each.clusters, each.location, each.path) for each in answers}) > 1:
            proxies = ", ".join(str(each.table.proxy) for each in answers)
            raise InputError(url, f"several gateways serve it differently: {proxies}", "Choose one with proxy=")
        return Answer(answers[0], self._judged)

    def get(self, url: str, **options: Any) -> Answer:
        """Return where a GET request goes; options as for ``request``."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        """Return where a POST request goes; options as for ``request``."""
        return self.request("POST", url, **options)


def mesh_of(source: str, options: Mapping[str, str]) -> Questions:
    """Return the compiled mesh of a folder, a file, or ``REV:PATH``; options as for ``MeshOptions``."""
    return Questions(compile_mesh(read(source), MeshOptions(**options)))  # type: ignore[arg-type]
