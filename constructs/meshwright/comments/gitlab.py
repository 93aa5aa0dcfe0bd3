"""Notes on a merge request. Source: GitLab docs, "Notes API"."""

from collections.abc import Iterator, Mapping

from meshwright.comments.api import Api, Posted
from meshwright.errors import InputError


class GitLab:
    """One merge request."""

    def __init__(self, api: Api, project: str, number: int) -> None:
        self._api = api
        self._notes = f"/projects/{project}/merge_requests/{number}/notes"

    @classmethod
    def of(cls, environment: Mapping[str, str], number: int | None = None) -> "GitLab":
        """Return the merge request that a pipeline runs for.

        Raises:
            InputError: There is none, or no token.
        """
        token = environment.get("GITLAB_TOKEN")
        if not token:
            remedy = "Set GITLAB_TOKEN, a masked variable with a project access token of scope api"
            raise InputError("comment", "there is no token", remedy)
        found = number or int(environment.get("CI_MERGE_REQUEST_IID") or 0)
        if not found:
            remedy = "Run it in a merge request pipeline, or give --number"
            raise InputError("comment", "this run belongs to no merge request", remedy)
        api = Api(environment["CI_API_V4_URL"], {"PRIVATE-TOKEN": token})
        return cls(api, environment["CI_PROJECT_ID"], found)

    def comments(self) -> Iterator[Posted]:
        """Yield the notes that people or programs wrote."""
        for each in self._api.listed(self._notes):
            if not each.get("system"):
                yield Posted(int(each["id"]), str(each.get("body") or ""))

    def add(self, body: str) -> None:
        """Add a note."""
        self._api.call("POST", self._notes, {"body": body})

    def renew(self, comment: Posted, body: str) -> None:
        """Replace the text of a note."""
        self._api.call("PUT", f"{self._notes}/{comment.id}", {"body": body})
