"""What a request looks like when it reaches the backend."""

from __future__ import annotations

from meshwright.charts.overloads import overload
from meshwright.charts.regex import check_regex, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.match import Match
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import HTTPRewrite, RegexRewrite


class Rewrite:
    """Change path and host of a request before it is sent on; matches see it as it came.

    Args:
        uri: Replaces the matched part of the path: of ``Match.prefix`` and ``Match.below`` the rest stays, of the
            others it is the whole path. Mind the slash: prefix ``/api`` with uri ``/`` makes ``//x`` of ``/api/x``,
            which ``Match.below("/api")`` does not.
        regex: Instead, an RE2 expression; each place in the path that it matches is replaced.
        replacement: What comes in its place; ``\\1`` is its first group.
        authority: New host.

    Source: Istio reference, "Virtual Service", HTTPRewrite.
    """

    __slots__ = ("authority", "regex", "replacement", "uri")

    @overload
    def __init__(self, *, uri: str, authority: str | None = None) -> None: ...
    @overload
    def __init__(self, *, regex: str, replacement: str, authority: str | None = None) -> None: ...
    @overload
    def __init__(self, *, authority: str) -> None: ...
    def __init__(
        self,
        *,
        uri: str | None = None,
        regex: str | None = None,
        replacement: str | None = None,
        authority: str | None = None,
    ) -> None:
        self.uri = uri
        self.regex = regex
        self.replacement = replacement
        self.authority = authority

    def check(self, part: Part) -> bool:
        """Tell what is wrong with it, and return whether nothing is."""
        wrong = ""
        if self.uri is None and self.regex is None and self.authority is None:
            wrong, remedy = "the rewrite changes nothing", "Give uri, regex with replacement, or authority"
        elif self.uri is not None and self.regex is not None:
            wrong, remedy = "the rewrite has both uri and regex", "Keep one"
        elif (self.regex is None) is not (self.replacement is None):
            wrong, remedy = "the rewrite has only one of regex and replacement", "Give both"
        elif self.uri is not None and not str(self.uri).startswith("/"):
            wrong, remedy = f"rewrite.uri is {self.uri!r}", "Start it with /"
        elif self.authority == "" or self.replacement == "":
            wrong, remedy = "the rewrite has an empty authority or replacement", "Give a value, or leave it out"
        if wrong:
            part.problem(wrong, remedy)
            return False
        return self.regex is None or check_regex(self.regex, "rewrite.regex", part)

    def to_istio(self, matches: tuple[Match, ...], part: Part) -> HTTPRewrite:
        """Return the level-1 message, and tell what cannot be said by one."""
        from meshwright.imports.istio.networking import HTTPRewrite, RegexRewrite

        below = [match.path for match in matches if match.path_kind == "below" and match.path != "/"]
        if self.regex is not None:
            change = RegexRewrite(match=self.regex, rewrite=self.replacement)
            return HTTPRewrite(uri_regex_rewrite=change, authority=self.authority)
        if self.uri is not None and below:
            if len(below) != 1 or len(matches) != 1:
                part.problem(
                    "the rewrite has a uri for Match.below and other matches", "Write a route for each of them"
                )
            return HTTPRewrite(uri_regex_rewrite=self._below(below[0]), authority=self.authority)
        return HTTPRewrite(uri=self.uri, authority=self.authority)

    def _below(self, path: str) -> RegexRewrite:
        from meshwright.imports.istio.networking import RegexRewrite

        kept = quoted(path.rstrip("/"))
        uri = str(self.uri).rstrip("/")
        # without its last slash nothing would be left of /api, were it replaced by /
        return RegexRewrite(match=f"^{kept}", rewrite=uri) if uri else RegexRewrite(match=f"^{kept}/?", rewrite="/")
