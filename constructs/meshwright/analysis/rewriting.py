"""The path that the destination sees, and the address that a redirect names. Source: Envoy docs, "HTTP routing"."""

from meshwright.analysis.hosts import without_port
from meshwright.analysis.paths import without_query
from meshwright.analysis.regex import replace_all
from meshwright.analysis.subject import Subject
from meshwright.traffic import PathMatch, Redirect, RegexRewrite

_USUAL_PORTS = {"http": ":80", "https": ":443"}


def rewritten(full_path: str, match: PathMatch, prefix: str | None, regex: RegexRewrite | None) -> str:
    """Return the path with its query after a rewrite.

    A prefix rewrite replaces what the route matched: a prefix, or for exact and regular expressions the whole path.
    An empty one does nothing.
    """
    if prefix:
        whole = match.kind in ("regex", "connect")
        matched = len(without_query(full_path)) if whole else len(match.value)
        return prefix + full_path[matched:]
    if regex is not None:
        path = without_query(full_path)
        return replace_all(regex.pattern, regex.substitution, path) + full_path[len(path) :]
    return full_path


def location(subject: Subject, match: PathMatch, redirect: Redirect) -> str:
    """Return the Location header of a redirect."""
    scheme = redirect.scheme or ("https" if redirect.https else subject.scheme)
    port = f":{redirect.port}" if redirect.port else ""
    host = redirect.host or _kept_host(subject, scheme, new_port=bool(port))
    if redirect.path:
        query = subject.full_path[len(subject.path) :]
        path = redirect.path if "?" in redirect.path else redirect.path + query
    else:
        path = _new_path(subject, match, redirect)
    slash = "" if path.startswith("/") else "/"
    return f"{scheme}://{host}{port}{slash}{path}"


def _new_path(subject: Subject, match: PathMatch, redirect: Redirect) -> str:
    if redirect.regex is None:
        return rewritten(subject.full_path, match, redirect.prefix, None)
    replaced = replace_all(redirect.regex.pattern, redirect.regex.substitution, subject.path)
    return replaced + subject.full_path[len(subject.path) :] if replaced else subject.full_path


def _kept_host(subject: Subject, scheme: str, *, new_port: bool) -> str:
    """Return the client's authority, without its port where that would be wrong or is the old scheme's own.

    The old scheme is what x-forwarded-proto says, to the letter: one that Envoy does not know has no port of its own.
    """
    host = without_port(subject.authority)
    port = subject.authority[len(host) :]
    before = subject.forwarded_proto
    if new_port or (scheme != before and port == _USUAL_PORTS.get(before)):
        return host
    return subject.authority


def tls_location(subject: Subject) -> str:
    """Return the Location header with which a virtual host asks for TLS; a port stays as it is."""
    return f"https://{subject.authority}{subject.full_path}"
