"""How many pods an app has, and how many of them maintenance may take away."""

from __future__ import annotations

from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import whole
from meshwright.charts.overloads import overload
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.problem import Part
    from meshwright.imports.kubernetes.autoscaling import MetricSpec


@tells_misfits
class Autoscaling(Written):
    """Pods by load, for each version of an app.

    Args:
        min_replicas, max_replicas: The limits.
        cpu, memory: Use to aim at, in percent of what the containers request; 80 percent of the CPU when both are left
            out.

    Source: Kubernetes docs, "Horizontal Pod Autoscaling".
    """

    __slots__ = ("cpu", "max_replicas", "memory", "min_replicas")

    def __init__(
        self, *, min_replicas: int = 1, max_replicas: int, cpu: int | None = None, memory: int | None = None
    ) -> None:
        super().__init__()
        self.min_replicas = min_replicas
        self.max_replicas = max_replicas
        self.cpu = 80 if cpu is None and memory is None else cpu
        self.memory = memory

    def metrics(self, part: Part) -> list[MetricSpec]:
        """Return the level-1 messages of what is measured, and tell what is wrong with the numbers."""
        from meshwright.imports.kubernetes.autoscaling import MetricSpec, MetricTarget, ResourceMetricSource

        least = whole(self.min_replicas, "min_replicas", part, 1)
        most = whole(self.max_replicas, "max_replicas", part, 1)
        if least is not None and most is not None and least > most:
            part.problem(f"min_replicas {least} is above max_replicas {most}", "Make it at most that")
        out = []
        for name in ("cpu", "memory"):
            use = whole(getattr(self, name), name, part, 1)
            if use is not None:
                target = MetricTarget(type="Utilization", average_utilization=use)
                out.append(MetricSpec(type="Resource", resource=ResourceMetricSource(name=name, target=target)))
        return out


@tells_misfits
class DisruptionBudget(Written):
    """How many pods of an app stay while nodes are drained.

    Args:
        min_available: How many have to stay.
        max_unavailable: Instead, how many may be gone.

    Source: Kubernetes docs, "Specifying a Disruption Budget for your Application".
    """

    __slots__ = ("max_unavailable", "min_available")

    @overload
    def __init__(self, *, min_available: int) -> None: ...
    @overload
    def __init__(self, *, max_unavailable: int) -> None: ...
    def __init__(self, *, min_available: int | None = None, max_unavailable: int | None = None) -> None:
        super().__init__()
        self.min_available = min_available
        self.max_unavailable = max_unavailable

    def check(self, part: Part) -> None:
        """Tell what is wrong with it."""
        whole(self.min_available, "min_available", part)
        whole(self.max_unavailable, "max_unavailable", part)
        if (self.min_available is None) is (self.max_unavailable is None):
            part.problem("it needs one of min_available and max_unavailable", "Give one of them")
