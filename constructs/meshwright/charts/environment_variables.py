"""What containers find in their environment."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from meshwright.charts.problem import Part
    from meshwright.imports.kubernetes.core import EnvVar

    Variable: TypeAlias = "str | FromSecret | FromConfigMap"


class FromSecret:
    """The value of a key of a Secret in the same namespace.

    Args:
        name: Of the Secret.
        key: In it.
        optional: Whether the pod starts without it.
    """

    __slots__ = ("key", "name", "optional")

    def __init__(self, name: str, key: str, *, optional: bool | None = None) -> None:
        self.name = name
        self.key = key
        self.optional = optional


class FromConfigMap:
    """The value of a key of a ConfigMap in the same namespace; its arguments are those of `FromSecret`."""

    __slots__ = ("key", "name", "optional")

    def __init__(self, name: str, key: str, *, optional: bool | None = None) -> None:
        self.name = name
        self.key = key
        self.optional = optional


def variables(values: Mapping[str, Variable], part: Part) -> list[EnvVar]:
    """Return the level-1 messages of environment variables, and tell what is wrong with them."""
    from meshwright.imports.kubernetes.core import ConfigMapKeySelector, EnvVar, EnvVarSource, SecretKeySelector

    out: list[EnvVar] = []
    for name, value in values.items():
        if not name or "=" in name or not name.isprintable() or name.strip() != name:
            part.problem(f"environment variable {name!r} cannot be named so", "Use letters, digits and underscores")
        if isinstance(value, FromSecret):
            secret = SecretKeySelector(name=value.name, key=value.key, optional=value.optional)
            out.append(EnvVar(name=name, value_from=EnvVarSource(secret_key_ref=secret)))
        elif isinstance(value, FromConfigMap):
            config = ConfigMapKeySelector(name=value.name, key=value.key, optional=value.optional)
            out.append(EnvVar(name=name, value_from=EnvVarSource(config_map_key_ref=config)))
        elif isinstance(value, str):
            out.append(EnvVar(name=name, value=value))
        else:
            part.problem(f"environment variable {name} is {value!r}", f"Give a text: {str(value)!r}")
    return out
