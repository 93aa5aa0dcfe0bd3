"""Manifests from text and from standard input."""

from typing import BinaryIO

from meshwright.errors import NothingFound
from meshwright.manifests.objects import Collector
from meshwright.manifests.resource import Resource
from meshwright.manifests.text import MAX_BYTES, decode, too_large

STDIN = "<stdin>"


def read_text(text: str, file: str = STDIN, default_namespace: str = "default") -> list[Resource]:
    """Return the objects in ``text``; none is fine.

    Args:
        file: What errors and origins call it.

    Raises:
        InputError: One thing is wrong. Errors: several things are.
    """
    collector = Collector(default_namespace)
    collector.add(text, file, must_be_manifests=True)
    return collector.finish()


def read_stream(stream: BinaryIO, default_namespace: str = "default") -> list[Resource]:
    """Return the objects on a byte stream such as ``sys.stdin.buffer``.

    Raises:
        InputError: One thing is wrong, or there is no Kubernetes object. Errors: several things are.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(STDIN)
    resources = read_text(decode(data, STDIN), STDIN, default_namespace)
    if not resources:
        raise NothingFound(
            STDIN, "no Kubernetes object came in", "Pipe manifests in: helm template CHART | meshwright explain - …"
        )
    return resources
