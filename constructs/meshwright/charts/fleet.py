"""All the environments that one description of apps is deployed to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshwright.charts.environment import Environment


class Fleet:
    """The environments of a program, in order; they know each other's names, so that `Environment.choose` does, too.

    Args:
        environments: Each with a name of its own.

    Raises:
        ConfigurationError: Two have the same name, or one is in two fleets.
    """

    __slots__ = ("_environments",)

    def __init__(self, *environments: Environment) -> None:
        from meshwright.errors import ConfigurationError
        from meshwright.tree.construct import users_line

        self._environments: dict[str, Environment] = {}
        for environment in environments:
            where = f"{environment.name} ({environment.written_at or users_line()})"
            if environment.name in self._environments:
                raise ConfigurationError(where, "another environment has this name", "Give each a name of its own")
            if environment._known is not None:
                raise ConfigurationError(where, "it is in another fleet already", "Keep it in one fleet")
            self._environments[environment.name] = environment
        stages = {environment.stage for environment in environments if environment.stage is not None}
        for environment in environments:
            environment._known = frozenset({*self._environments, *stages})

    def __iter__(self) -> Iterator[Environment]:
        return iter(self._environments.values())

    def __len__(self) -> int:
        return len(self._environments)

    def __getitem__(self, name: str) -> Environment:
        """Return the environment of this name.

        Raises:
            ConfigurationError: There is none.
        """
        from meshwright.errors import ConfigurationError
        from meshwright.tree.construct import users_line

        if name not in self._environments:
            remedy = f"Use one of {', '.join(self._environments)}"
            raise ConfigurationError(f"Fleet ({users_line()})", f"there is no environment {name!r}", remedy)
        return self._environments[name]
