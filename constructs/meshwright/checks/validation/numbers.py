"""Numbers with a fraction."""


def number(value: object) -> float:
    """Return a number; 0 for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
