"""Where an app is deployed: the values that differ between development, staging and production."""

from __future__ import annotations

from meshwright.charts.written import Written
from meshwright.tree import App, Chart, Construct

_CONTEXT = "meshwright:environment"


class Environment(Written):
    """One environment of a cluster.

    Args:
        name: What people call it: ``prod``.
        namespace: The namespace its objects live in.
        host_suffix: Parent domain of its public hosts: ``example.com``.
        cluster_domain: DNS suffix of Services.
    """

    __slots__ = ("cluster_domain", "host_suffix", "name", "namespace")

    def __init__(
        self, name: str, *, namespace: str = "default", host_suffix: str = "", cluster_domain: str = "cluster.local"
    ) -> None:
        super().__init__()
        self.name = name
        self.namespace = namespace
        self.host_suffix = host_suffix
        self.cluster_domain = cluster_domain

    def chart(self, app: App, id: str) -> Chart:
        """Return a new chart whose constructs live in this environment; it becomes one file of ``dist/``."""
        chart = Chart(app, id, namespace=self.namespace)
        chart.node.set_context(_CONTEXT, self)
        self._check(chart)
        return chart

    def host(self, label: str) -> str:
        """Return the public host ``label.host_suffix``."""
        return f"{label}.{self.host_suffix}" if self.host_suffix else label

    def service_host(self, service: str) -> str:
        """Return the full name of a Service here, which means the same from every namespace."""
        return f"{service}.{self.namespace}.svc.{self.cluster_domain}"

    @staticmethod
    def of(scope: Construct) -> Environment:
        """Return the environment ``scope`` lives in, with the namespace of its chart.

        Without one: the namespace that the chart names (``default`` if it names none), of ``cluster.local``.
        """
        found = scope.node.try_get_context(_CONTEXT)
        namespace = _namespace_of(scope)
        if not isinstance(found, Environment):
            return Environment(namespace or "default", namespace=namespace or "default")
        if namespace is None or namespace == found.namespace:
            return found
        return Environment(
            found.name, namespace=namespace, host_suffix=found.host_suffix, cluster_domain=found.cluster_domain
        )

    @staticmethod
    def key_of(scope: Construct) -> object:
        """Return what is the same for all constructs of one environment: itself, or the chart where there is none."""
        found = scope.node.try_get_context(_CONTEXT)
        return found if isinstance(found, Environment) else Chart.of(scope)

    def _check(self, chart: Chart) -> None:
        from meshwright.charts.names import is_dns_label, is_host
        from meshwright.charts.problem import problem

        at = self.written_at
        if not is_dns_label(self.namespace):
            remedy = "Use lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends"
            problem(chart, f"namespace is {self.namespace!r}, which is no DNS label", remedy, at)
        for field, value in (("host_suffix", self.host_suffix), ("cluster_domain", self.cluster_domain)):
            if value and (not is_host(value) or value.startswith("*")):
                problem(chart, f"{field} is {value!r}, which is no domain", "Give DNS labels joined by dots", at)


def _namespace_of(scope: Construct) -> str | None:
    construct: Construct | None = scope
    while construct is not None:
        if isinstance(construct, Chart) and construct.namespace is not None:
            return construct.namespace
        construct = construct.node.scope
    return None
