"""Where an app is deployed: the values that differ between development, staging and production."""

from __future__ import annotations

from meshwright.charts.written import Written
from meshwright.tree import App, Chart, Construct, Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeVar

    from meshwright.charts.images import Images
    from meshwright.errors import ConfigurationError

    T = TypeVar("T")

_CONTEXT = "meshwright:environment"


class Environment(Written):
    """One environment: where the charts of a description of an app go, and what differs there.

    Args:
        name: What people call it, a DNS label, which is also its folder in ``dist/``: ``prod-eu``.
        namespace: The namespace its objects live in.
        host_suffix: Parent domain of its public hosts: ``example.com``.
        cluster_domain: DNS suffix of Services.
        cluster: The name by which Argo CD knows its cluster (``in-cluster`` is the one it runs in). Environments of one
            cluster may not make the same object twice; those that name none are taken for clusters of their own.
        stage: What `choose` and `Versions` know it by besides its name, shared by the regions of one stage: ``prod``.
        faults: Whether routes may delay and abort requests on purpose here.
        images: What images may be named by: ``any`` name, ``tags`` that say a version, ``digests`` alone.
    """

    __slots__ = ("_known", "cluster", "cluster_domain", "faults", "host_suffix", "images", "name", "namespace", "stage")

    def __init__(
        self,
        name: str,
        *,
        namespace: str = "default",
        host_suffix: str = "",
        cluster_domain: str = "cluster.local",
        cluster: str | None = None,
        stage: str | None = None,
        faults: bool = True,
        images: Images = "tags",
    ) -> None:
        super().__init__()
        self.name = name
        self.namespace = namespace
        self.host_suffix = host_suffix
        self.cluster_domain = cluster_domain
        self.cluster = cluster
        self.stage = stage
        self.faults = faults
        self._known: frozenset[str] | None = None
        self.images: Images = images

    def chart(self, app: App, id: str, *, namespace: str | None = None) -> Chart:
        """Return a new chart whose constructs live in this environment; it is written to ``dist/NAME/ID.k8s.yaml``.

        Args:
            app: The app.
            id: What the chart is called, the same in every environment.
            namespace: The namespace of its objects, if not that of the environment.
        """
        chart = Chart(self._folder(app), id, namespace=namespace or self.namespace)
        chart.node.set_context(_CONTEXT, self)
        self._check(chart)
        return chart

    def host(self, label: str) -> str:
        """Return the public host ``label.host_suffix``."""
        return f"{label}.{self.host_suffix}" if self.host_suffix else label

    def service_host(self, service: str) -> str:
        """Return the full name of a Service here, which means the same from every namespace."""
        return f"{service}.{self.namespace}.svc.{self.cluster_domain}"

    def choose(self, otherwise: T, by_name: Mapping[str, T]) -> T:
        """Return what differs between environments: ``environment.choose(1, {"prod": 3})``.

        Args:
            otherwise: The value where nothing else is said.
            by_name: Values by the name of an environment or, less strongly, its stage.

        Raises:
            ConfigurationError: A name is that of no environment of the `Fleet` that this one belongs to.
        """
        unknown = [name for name in by_name if self._known is not None and name not in self._known]
        if unknown:
            raise self._error(f"the fleet has no environment or stage {unknown[0]!r}", self._known or ())
        for name in (self.name, self.stage):
            if name is not None and name in by_name:
                return by_name[name]
        return otherwise

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
            found.name,
            namespace=namespace,
            host_suffix=found.host_suffix,
            cluster_domain=found.cluster_domain,
            cluster=found.cluster,
            stage=found.stage,
            faults=found.faults,
            images=found.images,
        )

    @staticmethod
    def key_of(scope: Construct) -> object:
        """Return what is the same for all constructs of one cluster.

        That is the name of the cluster, the name of the environment where it names none, the chart without one.
        """
        found = scope.node.try_get_context(_CONTEXT)
        if not isinstance(found, Environment):
            return Chart.of(scope)
        return ("environment", found.name) if found.cluster is None else ("cluster", found.cluster)

    def _folder(self, app: App) -> Construct:
        if not isinstance(app, App):  # a genuine cdk8s app, which has no folders
            return app
        found = app.node.try_find_child(self.name)
        return found if isinstance(found, Folder) else Folder(app, self.name)

    def _error(self, wrong: str, known: Iterable[str]) -> ConfigurationError:
        from meshwright.errors import ConfigurationError
        from meshwright.tree.construct import users_line

        return ConfigurationError(f"{self.name} ({users_line()})", wrong, f"Use one of {', '.join(sorted(known))}")

    def _check(self, chart: Chart) -> None:
        from meshwright.charts.names import is_dns_label, is_host
        from meshwright.charts.problem import problem

        at = self.written_at
        if not is_dns_label(chart.namespace):
            remedy = "Use lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends"
            problem(chart, f"namespace is {chart.namespace!r}, which is no DNS label", remedy, at)
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
