"""Comments on a pull request. Source: GitHub docs, "REST API endpoints for issue comments"."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from meshwright.comments.api import Api, Posted
from meshwright.errors import InputError


class GitHub:
    """One pull request."""

    def __init__(self, api: Api, repository: str, number: int) -> None:
        self._api = api
        self._repository = f"/repos/{repository}"
        self._number = number

    @classmethod
    def of(cls, environment: Mapping[str, str], number: int | None = None) -> "GitHub":
        """Return the pull request that a workflow runs for.

        Raises:
            InputError: There is none, or no token.
        """
        token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
        if not token:
            raise InputError("comment", "there is no token", "Set GITHUB_TOKEN: ${{ github.token }} for the step")
        found = number or _number(environment.get("GITHUB_EVENT_PATH", ""))
        if not found:
            raise InputError(
                "comment", "this run belongs to no pull request", "Run it on pull_request, or give --number"
            )
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        api = Api(environment.get("GITHUB_API_URL") or "https://api.github.com", headers)
        return cls(api, environment["GITHUB_REPOSITORY"], found)

    def comments(self) -> Iterator[Posted]:
        """Yield the comments, oldest first."""
        for each in self._api.listed(f"{self._repository}/issues/{self._number}/comments"):
            yield Posted(int(each["id"]), str(each.get("body") or ""))

    def add(self, body: str) -> None:
        """Add a comment."""
        self._api.call("POST", f"{self._repository}/issues/{self._number}/comments", {"body": body})

    def renew(self, comment: Posted, body: str) -> None:
        """Replace the text of a comment."""
        self._api.call("PATCH", f"{self._repository}/issues/comments/{comment.id}", {"body": body})


def _number(event: str) -> int | None:
    """Return the number of the pull request in the file that describes what a workflow runs for."""
    try:
        found = json.loads(Path(event).read_text(encoding="utf-8"))["pull_request"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None
