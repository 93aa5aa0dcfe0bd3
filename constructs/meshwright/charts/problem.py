"""Problems that constructs find: kept until synth, so that all of them are told at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.errors import ConfigurationError
    from meshwright.tree import Construct


class _Found:
    __slots__ = ("_error",)

    def __init__(self, error: ConfigurationError) -> None:
        self._error = error

    def validate(self) -> list[ConfigurationError]:
        return [self._error]


def problem(construct: Construct, wrong: str, remedy: str) -> None:
    """Have synth refuse the app, naming ``construct`` and the user's own line.

    Args:
        construct: Where it was found.
        wrong: What is wrong, quoting the user's own value.
        remedy: What to do about it.
    """
    construct.node.add_validation(_Found(construct.error(wrong, remedy)))
