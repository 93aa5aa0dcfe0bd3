"""Where an app is deployed: the values that differ between development, staging and production."""

from __future__ import annotations

from meshwright.tree import App, Chart, Construct

_CONTEXT = "meshwright:environment"


class Environment:
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
        self.name = name
        self.namespace = namespace
        self.host_suffix = host_suffix
        self.cluster_domain = cluster_domain

    def chart(self, app: App, id: str) -> Chart:
        """Return a new chart whose constructs live in this environment; it becomes one file of ``dist/``."""
        chart = Chart(app, id, namespace=self.namespace)
        chart.node.set_context(_CONTEXT, self)
        return chart

    def host(self, label: str) -> str:
        """Return the public host ``label.host_suffix``."""
        return f"{label}.{self.host_suffix}" if self.host_suffix else label

    def service_host(self, service: str) -> str:
        """Return the full name of a Service here, which means the same from every namespace."""
        return f"{service}.{self.namespace}.svc.{self.cluster_domain}"

    @staticmethod
    def of(scope: Construct) -> Environment:
        """Return the environment ``scope`` lives in; without one, namespace ``default`` of ``cluster.local``."""
        found = scope.node.try_get_context(_CONTEXT)
        return found if isinstance(found, Environment) else _DEFAULT


_DEFAULT = Environment("default")
