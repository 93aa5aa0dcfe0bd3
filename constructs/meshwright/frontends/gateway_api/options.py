"""What the conversion depends on apart from the objects: settings of istiod, and what a folder cannot show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of the conversion; the defaults are those of istiod.

    Args:
        domain_suffix: Cluster domain of Service host names.
        api_defaults: Fill in what the API server fills in when an object is applied (``statusCode: 302``,
            ``path: {type: PathPrefix, value: /}`` and so on). Off, to compare with recordings made without a server.
        assume_unseen: Take as present and valid what is seldom kept in git: Secrets, ConfigMaps, and the Services that
            istiod makes for InferencePools. Off, a listener whose certificate is missing is not served.
        alpha: ``PILOT_ENABLE_ALPHA_GATEWAY_API``: XBackendTrafficPolicy and XBackend.
        inference_pools: ``ENABLE_GATEWAY_API_INFERENCE_EXTENSION``: InferencePool as a backend.
        multi_network: ``AMBIENT_ENABLE_MULTI_NETWORK``: the class ``istio-east-west``.
    """

    domain_suffix: str = "cluster.local"
    api_defaults: bool = True
    assume_unseen: bool = True
    alpha: bool = False
    inference_pools: bool = False
    multi_network: bool = False
