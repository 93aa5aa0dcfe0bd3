"""What a generated module says, before it is written: kinds, messages, fields and their types."""

from dataclasses import dataclass, field

SCALARS = ("str", "int", "number", "bool")
OPEN = ("json", "object", "int_or_str", "quantity")


@dataclass(frozen=True)
class Rule:
    """A condition over one value.

    Args:
        code: A Python expression over ``self``, the value as it goes on the wire.
        message: What has to hold, for the error.
    """

    code: str
    message: str


@dataclass(frozen=True)
class Limits:
    """What a schema asks of a value beside its type; the names are those of JSON schema in snake_case."""

    enum: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    unique: tuple[str, ...] | None = None
    rules: tuple[Rule, ...] = ()

    def entries(self) -> dict[str, object]:
        """Return the limits that are set."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__ if name != "rules")
        return {name: value for name, value in pairs if value is not None and value != () and value != ""} | (
            {"unique": self.unique} if self.unique == () else {}
        )


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Scalar:
    """A str, int, number, bool, or one of the open JSON types in OPEN."""

    base: str
    limits: Limits = NO_LIMITS


@dataclass(frozen=True)
class ListOf:
    """A list; lengths and uniqueness are in the limits."""

    item: "Type"
    limits: Limits = NO_LIMITS


@dataclass(frozen=True)
class MapOf:
    """A mapping from strings."""

    value: "Type"
    limits: Limits = NO_LIMITS


@dataclass(frozen=True)
class Ref:
    """A message, by name; ``module`` is empty for the module it is used in."""

    name: str
    module: str = ""
    limits: Limits = NO_LIMITS


Type = Scalar | ListOf | MapOf | Ref


@dataclass(frozen=True)
class Field:
    """One field: its name in Python, its spelling on the wire, its type, and what a cluster fills in for it."""

    name: str
    wire: str
    type: Type
    required: bool = False
    default: object = None


@dataclass(frozen=True)
class Message:
    """One object type.

    Args:
        name: The class name in Python.
        title: Its full name in the API, for the docstring.
        fields: In the order of the schema.
        one_of: Groups of wire names of which at most one may be given.
        rules: Conditions over the whole message.
        link: The page of its reference, if known.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind; the message of its name holds its keywords.

    Args:
        wrapped: Whether its fields go under ``spec``.
        beside: Wire names of the fields that stand beside ``spec``.
        link: The page of its reference, if known.
    """

    name: str
    api_version: str
    wrapped: bool
    beside: tuple[str, ...] = ()
    link: str = ""


@dataclass
class Module:
    """One generated module."""

    path: str
    title: str
    source: str
    kinds: dict[str, Kind] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
