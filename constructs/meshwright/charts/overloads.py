"""Several signatures of one function for type checkers, without the cost of importing ``typing``."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import overload as overload
else:

    def overload(function):
        """Return ``function``, which its implementation replaces."""
        return function
