"""Which platform a run belongs to, and the comment that a report has there."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, Protocol

from meshwright.comments.api import Posted
from meshwright.comments.github import GitHub
from meshwright.comments.gitlab import GitLab
from meshwright.errors import InputError

_MARKER = re.compile(r"<!-- meshwright:[A-Za-z0-9_.:/-]+ -->")


class Platform(Protocol):
    """A pull or merge request that carries comments."""

    def comments(self) -> Iterator[Posted]:
        """Yield those that are there."""

    def add(self, body: str) -> None:
        """Add one."""

    def renew(self, comment: Posted, body: str) -> None:
        """Replace the text of one."""


def platform_of(environment: Mapping[str, str], number: int | None = None) -> Platform:
    """Return the request that a run on GitHub or GitLab is for.

    Args:
        number: Of the request; if left out, what the run says.

    Raises:
        InputError: It runs elsewhere, for no request, or without a token.
    """
    if environment.get("GITHUB_REPOSITORY"):
        return GitHub.of(environment, number)
    if environment.get("CI_API_V4_URL") and environment.get("CI_PROJECT_ID"):
        return GitLab.of(environment, number)
    remedy = "Run it there, or set GITHUB_REPOSITORY, or CI_API_V4_URL and CI_PROJECT_ID"
    raise InputError("comment", "this is no run of GitHub Actions or GitLab CI", remedy)


def put(platform: Platform, body: str) -> Literal["added", "renewed", "unchanged"]:
    """Let the request carry this report: the comment that begins with its marker is renewed, else one is added.

    Raises:
        InputError: The report begins with no marker, or the platform refuses.
    """
    marker = body.partition("\n")[0].strip()
    if not _MARKER.fullmatch(marker):
        raise InputError(
            "comment", "the text begins with no marker", "Give a report of meshwright diff --format markdown"
        )
    for comment in platform.comments():
        if comment.body.lstrip().startswith(marker):
            if comment.body.replace("\r\n", "\n").strip() == body.strip():
                return "unchanged"
            platform.renew(comment, body)
            return "renewed"
    platform.add(body)
    return "added"
