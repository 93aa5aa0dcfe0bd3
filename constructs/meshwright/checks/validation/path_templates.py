"""Path templates of policies, ``/carts/{*}/items/{**}``. Source: Istio reference, "Authorization Policy", Operation."""

import re

from meshwright.checks.validation.fault import Flaw

_ONE, _REST = "{*}", "{**}"
_LITERAL = re.compile(r"[a-zA-Z0-9\-._~%!$&'()+,;:@=]+")


def template_flaw(path: str) -> Flaw | None:
    """Judge a path: braces are for whole segments, and ``{**}`` is the last of them."""
    if "{" not in path and "}" not in path:
        return None
    template = _ONE in path or _REST in path
    rest = False
    for segment in path.strip("/").split("/"):
        if segment in (_ONE, _REST):
            if rest:
                return f'"{path}" goes on behind {_REST}', f"Let {_REST} be the last, or use {_ONE}."
            rest = segment == _REST
        elif "{" in segment or "}" in segment:
            return f'"{path}" has braces in "{segment}"', f"Use {_ONE} or {_REST} for a whole segment."
        elif template and not _LITERAL.fullmatch(segment):
            return f'"{path}" has a segment "{segment}" that a template does not take', f"Use {_ONE} for it."
    return None
