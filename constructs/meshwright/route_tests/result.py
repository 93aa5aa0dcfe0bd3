"""What came of one route test."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One test.

    Args:
        file: Where it was written.
        name: What the test calls itself.
        failures: Each with the request and what was found instead; empty when the test passed.
    """

    file: str
    name: str
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all requests of the test went where it says."""
        return not self.failures
