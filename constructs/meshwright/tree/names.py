"""Names of objects made from their place in the tree: the same names, with the same hash, as cdk8s."""

from meshwright.errors import ConfigurationError
from meshwright.tree.construct import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX = 63
_HASH = 8
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_LABEL = frozenset("0123456789-_." + _LOWER + _LOWER.upper())
_EDGE = _LABEL - set("-_.")
_DNS = frozenset("0123456789-" + _LOWER)


class Names:
    """Unique and stable names out of paths."""

    @staticmethod
    def to_dns_label(
        scope: Construct,
        *,
        delimiter: "str | None" = None,
        extra: "Sequence[str] | None" = None,
        include_hash: "bool | None" = None,
        max_len: "int | None" = None,
    ) -> str:
        """A name that is a DNS label: the ids of the path and a hash of it, the last 63 characters.

        Args:
            scope: The construct to name. One directly below the app whose id is a DNS label keeps its id.
            delimiter: What stands between the parts, ``-`` by default.
            extra: More parts behind the path.
            include_hash: Whether the hash is the last part, True by default.
            max_len: How long it may be.

        Raises:
            ConfigurationError: ``max_len`` leaves no room for the hash.
        """
        parts = _parts(scope, extra)
        limit = _limit(scope, max_len, include_hash, "object names")
        if len(parts) == 1 and parts[0] and _DNS.issuperset(parts[0]) and len(parts[0]) <= limit:
            return parts[0]
        return _join(scope, [part.lower() for part in parts], delimiter, include_hash, limit)

    @staticmethod
    def to_label_value(
        scope: Construct,
        *,
        delimiter: "str | None" = None,
        extra: "Sequence[str] | None" = None,
        include_hash: "bool | None" = None,
        max_len: "int | None" = None,
    ) -> str:
        """A name that is the value of a label; as `to_dns_label`, but capitals stay.

        Raises:
            ConfigurationError: ``max_len`` leaves no room for the hash, or ``delimiter`` has other characters than a
                label may have.
        """
        limit = _limit(scope, max_len, include_hash, "label")
        if delimiter and not _LABEL.issuperset(delimiter):
            raise scope.error(f"the delimiter {delimiter!r} cannot stand in a label", "Use letters, digits, - _ or .")
        parts = _parts(scope, extra)
        if len(parts) == 1 and _is_label(parts[0]) and len(parts[0]) <= limit:
            return parts[0]
        name = _join(scope, parts, delimiter, include_hash, limit)
        while name and name[0] not in _EDGE:
            name = name[1:]
        return name


def label_below(scope: Construct, ids: "list[str]") -> str:
    """The DNS label of a construct by the last ids of its path, as `Names.to_dns_label` makes it of all of them."""
    if len(ids) == 1 and _DNS.issuperset(ids[0]) and len(ids[0]) <= _MAX:
        return ids[0]
    return _join(scope, [part.lower() for part in ids], None, None, _MAX)


def address(construct: "Construct | None") -> str:
    """The address of a construct as in constructs: SHA-1 of the ids from the root down, but for those named Default."""
    try:
        from _sha1 import sha1  # type: ignore[import-not-found]  # without OpenSSL, which hashlib loads
    except ImportError:  # pragma: no cover - only on other Pythons
        from hashlib import sha1

    ids = []
    while construct is not None:
        if construct._id != "Default":
            ids.append(construct._id + "\n")
        construct = construct._scope
    ids.reverse()
    digest: str = sha1("".join(ids).encode("utf-8", "replace")).hexdigest()
    return "c8" + digest


def _is_label(text: str) -> bool:
    return text == "" or (text[0] in _EDGE and text[-1] in _EDGE and _LABEL.issuperset(text))


def _parts(scope: Construct, extra: "Sequence[str] | None") -> "list[str]":
    ids = []
    construct: Construct | None = scope
    while construct is not None:
        if construct._id or construct is scope:
            ids.append(construct._id)
        construct = construct._scope
    ids.reverse()
    return [*ids, *(extra or ())]


def _limit(scope: Construct, max_len: "int | None", include_hash: "bool | None", what: str) -> int:
    limit = _MAX if max_len is None else max_len
    if limit < _HASH and include_hash is not False:
        raise _too_short(scope, what)
    return limit


def _too_short(scope: Construct, what: str) -> ConfigurationError:
    wrong = f"minimum max length for {what} is {_HASH} (required for hash)"
    return scope.error(wrong, f"Give a max_len of {_HASH} or more, or include_hash=False")


def _join(
    scope: Construct, parts: "list[str]", delimiter: "str | None", include_hash: "bool | None", limit: int
) -> str:
    parts = ["".join(char for char in part if char in _LABEL)[: max(limit, 0)] for part in parts]
    if include_hash is not False:
        parts.append(_hash(scope))
    parts.reverse()
    # From the end of the path, so that what does not fit is cut from its beginning.
    kept = [part for position, part in enumerate(parts) if position == 0 or part != parts[position - 1]]
    shown = [part for part in reversed("/".join(kept)[:limit].split("/")) if part]
    joint = "-" if delimiter is None else delimiter
    if joint:
        shown = [part for part in joint.join(shown).split(joint) if part]
        shown = [part for part in shown if part.lower() not in ("resource", "default")]
    return joint.join(shown)


def _hash(scope: Construct) -> str:
    from os import environ

    if environ.get("CDK8S_LEGACY_HASH"):
        from hashlib import sha256

        return sha256(scope.node.path.encode()).hexdigest()[:_HASH]
    return address(scope)[:_HASH]
