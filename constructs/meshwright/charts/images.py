"""Container images: which of their names say what runs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from meshwright.charts.problem import Part

    Images: TypeAlias = Literal["any", "tags", "digests"]

IMAGES = ("any", "tags", "digests")
"""What images may be named by: anything; a tag that says a version; a digest alone."""

_HEX = frozenset("0123456789abcdef")
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_TAG = _NAME | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGESTS = {"sha256": 64, "sha512": 128}


def image_problem(image: object, images: Images) -> tuple[str, str] | None:
    """Return what is wrong with the name of an image, and what to do; None if nothing is.

    Args:
        image: What the user gave.
        images: What it may be named by.

    Source: Kubernetes docs, "Images", Image names.
    """
    if not isinstance(image, str) or not _is_name(image):
        return f"is {image!r}", "Give the name of an image, such as registry.example.com/cart:1.4.2"
    name, digest, tag = divided(image)
    if images == "any" or digest:
        return None
    if images == "digests":
        return f"is {image!r}, which names no digest", f"Name what was built: {name}@sha256:…"
    if tag in ("", "latest"):
        said = "has the tag latest" if tag else "has no tag, which means latest"
        return f"is {image!r}, which {said}: what runs would change without a commit", f"Name a version: {name}:1.4.2"
    return None


def divided(image: str) -> tuple[str, str, str]:
    """Return name, digest and tag of an image; empty what it does not have."""
    rest, _, digest = image.partition("@")
    folder, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    return f"{folder}{slash}{last}", digest, tag


def pull_policy(image: str) -> Literal["Always", "IfNotPresent"]:
    """Return how the kubelet pulls it where nobody says so: always under the tag latest, else if it is not there."""
    _, digest, tag = divided(image)
    return "Always" if tag == "latest" or not (tag or digest) else "IfNotPresent"


def _is_name(image: str) -> bool:
    name, digest, tag = divided(image)
    if "@" in image:
        kind, _, value = digest.partition(":")
        if _DIGESTS.get(kind) != len(value) or not _HEX.issuperset(value):
            return False
    if ":" in image.partition("@")[0].rpartition("/")[2] and not _is_tag(tag):
        return False
    first, *rest = name.split("/")
    if rest and (":" in first or "." in first or first == "localhost"):
        host, _, port = first.lower().partition(":")
        if not _is_part(host) or (":" in first and not port.isdigit()):
            return False
        return all(map(_is_part, rest))
    return all(map(_is_part, (first, *rest)))


def _is_part(part: str) -> bool:
    return bool(part) and _NAME.issuperset(part) and part[0].isalnum() and part[-1].isalnum()


def _is_tag(tag: str) -> bool:
    return 0 < len(tag) <= 128 and _TAG.issuperset(tag) and tag[0] not in ".-"


def check_image(image: object, images: Images, said: str, part: Part) -> None:
    """Tell what is wrong with the name of an image, which is called ``said``."""
    wrong = image_problem(image, images)
    if wrong is not None:
        part.problem(f"{said} {wrong[0]}", wrong[1])
