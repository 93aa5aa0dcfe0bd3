"""The types of free-form JSON in the stubs of generated modules."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Json: TypeAlias = Union[str, int, float, bool, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007
JsonObject: TypeAlias = Mapping[str, Json]
