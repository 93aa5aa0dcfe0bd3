"""A step of a rollout by Argo Rollouts."""

from __future__ import annotations

from meshwright.charts.misfits import tells_misfits
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from meshwright.charts.problem import Part
    from meshwright.imports.argo_rollouts import AnalysisTemplate, CanaryStep, ClusterAnalysisTemplate


@tells_misfits
class RolloutStep(Written):
    """One step; made by `share`, `pause` and `analysis`.

    Args:
        weight: Share of the requests that the new version gets from here on, in percent.
        wait: For how long the rollout waits.
        template: What is asked whether to go on.
    """

    __slots__ = ("template", "wait", "weight")

    def __init__(
        self,
        *,
        weight: int | None = None,
        wait: timedelta | None = None,
        template: AnalysisTemplate | ClusterAnalysisTemplate | None = None,
    ) -> None:
        super().__init__()
        self.weight = weight
        self.wait = wait
        self.template = template

    @classmethod
    def share(cls, weight: int) -> RolloutStep:
        """From here on, this share of the requests sees the new version, in percent."""
        return cls(weight=weight)

    @classmethod
    def pause(cls, wait: timedelta | None = None) -> RolloutStep:
        """The rollout waits; without a time, until someone promotes it."""
        return cls(wait=wait)

    @classmethod
    def analysis(cls, template: AnalysisTemplate | ClusterAnalysisTemplate) -> RolloutStep:
        """The rollout goes on if the analysis succeeds, and is aborted if it fails.

        Args:
            template: The level-1 object.
        """
        return cls(template=template)

    def to_argo(self, part: Part) -> CanaryStep:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.charts.duration import duration
        from meshwright.charts.numbers import percent
        from meshwright.imports.argo_rollouts import (
            AnalysisTemplateRef,
            CanaryStep,
            RolloutAnalysis,
            RolloutPause,
        )

        if self.weight is not None:
            return CanaryStep(set_weight=percent(self.weight, "weight", part))
        if self.template is None:
            text = duration(self.wait, "wait", part)
            return CanaryStep(pause=RolloutPause() if text is None else RolloutPause(duration=text))
        kind = getattr(self.template, "kind", None)
        if kind not in ("AnalysisTemplate", "ClusterAnalysisTemplate"):
            part.problem(f"the template is {self.template!r}", "Pass the AnalysisTemplate itself")
            return CanaryStep()
        cluster = True if kind == "ClusterAnalysisTemplate" else None
        reference = AnalysisTemplateRef(template_name=self.template.name, cluster_scope=cluster)
        return CanaryStep(analysis=RolloutAnalysis(templates=[reference]))
