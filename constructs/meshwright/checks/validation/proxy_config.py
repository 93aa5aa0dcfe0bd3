"""ProxyConfig. Source: Istio reference, "ProxyConfig"."""

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.frontends.istio.objects import integer


def proxy_config_faults(judged: Judged) -> Faults:
    """Find what istiod has against a ProxyConfig."""
    yield from selector_faults("spec.selector", judged.spec.get("selector"))
    concurrency = integer(judged.spec.get("concurrency"))
    if concurrency < 0:
        yield Fault("spec.concurrency", f"concurrency is {concurrency}", "Give 0 or more.")
