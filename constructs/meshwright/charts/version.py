"""One version of an app."""

from __future__ import annotations

from meshwright.charts.misfits import tells_misfits
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshwright.charts.environment_variables import Variable
    from meshwright.charts.traffic_policy import TrafficPolicy


@tells_misfits
class Version(Written):
    """One version of an app, where its image does not say everything.

    Args:
        image: Its container image.
        replicas: Its pods; those of the app when left out.
        environment_variables: In addition to those of the app; of one name, this one counts.
        traffic_policy: What holds for requests to this version, instead of what holds for the app, field by field.
    """

    __slots__ = ("environment_variables", "image", "replicas", "traffic_policy")

    def __init__(
        self,
        image: str,
        *,
        replicas: int | None = None,
        environment_variables: Mapping[str, Variable] | None = None,
        traffic_policy: TrafficPolicy | None = None,
    ) -> None:
        super().__init__()
        self.image = image
        self.replicas = replicas
        self.environment_variables = dict(environment_variables or {})
        self.traffic_policy = traffic_policy
