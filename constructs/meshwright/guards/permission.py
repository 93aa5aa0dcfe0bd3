"""What was said to be meant: by options, by the environment, by configuration."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from meshwright.errors import ConfigurationError
from meshwright.settings import setting

SHARE = 20.0
"""How many percent of all objects may go in one change, if nobody says otherwise."""

ALLOW_503, ALLOW_PRUNE, PRUNE_SHARE = "MESHWRIGHT_ALLOW_503", "MESHWRIGHT_ALLOW_PRUNE", "MESHWRIGHT_PRUNE_SHARE"

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")


@dataclass(frozen=True, slots=True)
class Permission:
    """What a change may do.

    Args:
        lose_requests: Requests may get 503 while it reaches the proxies.
        prune: Names of what may go: ``Namespace/shop``, ``Deployment/shop/web``, a host; ``*`` stands for any text.
        share: How many percent of all objects may go.
    """

    lose_requests: bool = False
    prune: tuple[str, ...] = ()
    share: float = SHARE

    def names(self, name: str) -> bool:
        """Tell whether something is said to be meant to go."""
        return any(name == each or fnmatchcase(name, each) for each in self.prune)


def permission(allow_503: bool, allow_prune: Iterable[str], share: float | None = None) -> Permission:
    """Return what options allow; a percentage among the names is the share.

    Raises:
        ConfigurationError: A share is no percentage.
    """
    names = []
    for each in allow_prune:
        percent = _PERCENT.fullmatch(each.strip())
        if percent is not None:
            share = _share(percent[1], "--allow-prune")
        else:
            names.append(each.strip().replace(" ", "/"))
    return Permission(allow_503, tuple(filter(None, names)), _configured_share() if share is None else share)


def permission_of_environment() -> Permission:
    """Return what ``MESHWRIGHT_ALLOW_503``, ``MESHWRIGHT_ALLOW_PRUNE`` and the configuration allow.

    Raises:
        ConfigurationError: A value is none that can be meant.
    """
    return permission(_switch(ALLOW_503), re.split(r"[,\n]", os.environ.get(ALLOW_PRUNE, "")))


def environment_of(allow_503: bool, allow_prune: Sequence[str]) -> dict[str, str]:
    """Return the variables that say the same to a program that is started."""
    said = {}
    if allow_503:
        said[ALLOW_503] = "1"
    if allow_prune:
        said[ALLOW_PRUNE] = ",".join(allow_prune)
    return said


def _switch(variable: str) -> bool:
    value = os.environ.get(variable, "").strip().lower()
    if value in ("", "0", "false", "no", "off"):
        return False
    if value in ("1", "true", "yes", "on"):
        return True
    raise ConfigurationError(variable, f"is {value!r}", "Set it to 1, or leave it out")


def _configured_share() -> float:
    given = os.environ.get(PRUNE_SHARE)
    if given:
        return _share(given, PRUNE_SHARE)
    value, where = setting("guard", "prune_share")
    return SHARE if value is None else _share(value, where)


def _share(value: object, where: str) -> float:
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%?\s*", str(value)) if not isinstance(value, bool) else None
    if found is None or float(found[1]) > 100:
        raise ConfigurationError(where, f"the share is {value!r}", "Give a percentage, 0 to 100")
    return float(found[1])
