"""Words that several checks use."""

from collections.abc import Collection

_SHOWN = 5


def one_of(names: Collection[str]) -> str:
    """Return names for a sentence that offers them: ``a, b or c``, at most five."""
    known = sorted(set(names))
    shown = known[:_SHOWN]
    if len(known) > _SHOWN:
        return f"{', '.join(shown)} … ({len(known)} in all)"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else ""


def all_of(names: Collection[str]) -> str:
    """Return names for a sentence that lists them: ``a, b, c``, at most five; ``none`` without any."""
    known = sorted(set(names))
    rest = f" … ({len(known)} in all)" if len(known) > _SHOWN else ""
    return ", ".join(known[:_SHOWN]) + rest if known else "none"


def labels_text(labels: Collection[tuple[str, object]]) -> str:
    """Return labels as they are written on a command line: ``app=a,version=v1``."""
    return ",".join(f"{key}={value}" for key, value in labels)
