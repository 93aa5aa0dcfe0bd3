"""Annotations that istiod refuses, or reads."""

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.checks.validation.object import Judged
from meshwright.frontends.istio.objects import text

_DRY_RUN = "istio.io/dry-run"
_RESERVED = (
    "internal.istio.io/webhook-always-reject",
    "internal.istio.io/parent-namespace",
    "internal.istio.io/parents",
)
_BOOLEANS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")


def metadata_faults(judged: Judged) -> Faults:
    """Find annotations that keep istiod from looking at the object at all."""
    if _DRY_RUN in judged.annotations:
        path, value = f"metadata.annotations.{_DRY_RUN}", text(judged.annotations[_DRY_RUN])
        action = text(judged.spec.get("action")) or "ALLOW"
        if judged.kind != "AuthorizationPolicy":
            yield Fault(path, f"a {judged.kind} cannot be tried out", "Remove the annotation.")
        elif action not in ("ALLOW", "DENY"):
            yield Fault(path, f"{action} cannot be tried out", "Remove the annotation.")
        elif value not in _BOOLEANS:
            yield Fault(path, f'"{value}" is neither true nor false', 'Write "true" or "false".')
    for name in _RESERVED:
        if name in judged.annotations:
            wrong = f'"{name}" is istiod\'s own'
            yield Fault(f"metadata.annotations.{name}", wrong, "Remove the annotation.")
