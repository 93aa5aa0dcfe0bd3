"""Lengths of time, with the names of cdk8s' `Duration`."""

from meshwright.tree.yaml_scalars import number

_UNITS = {"millis": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
_UP = {"seconds": ("S", 60, "minutes"), "minutes": ("M", 60, "hours"), "hours": ("H", 24, "days")}


class Duration:
    """A length of time, made by `seconds`, `minutes` and so on; it is as long as it says, in the unit it was given."""

    __slots__ = ("_amount", "_unit")

    def __init__(self, amount: "int | float", unit: str) -> None:
        if amount < 0:
            raise ValueError(f"duration amounts cannot be negative, received {amount}")
        self._amount = amount
        self._unit = unit

    @staticmethod
    def millis(amount: "int | float") -> "Duration":
        """Milliseconds."""
        return Duration(amount, "millis")

    @staticmethod
    def seconds(amount: "int | float") -> "Duration":
        """Seconds."""
        return Duration(amount, "seconds")

    @staticmethod
    def minutes(amount: "int | float") -> "Duration":
        """Minutes."""
        return Duration(amount, "minutes")

    @staticmethod
    def hours(amount: "int | float") -> "Duration":
        """Hours."""
        return Duration(amount, "hours")

    @staticmethod
    def days(amount: "int | float") -> "Duration":
        """Days of 24 hours."""
        return Duration(amount, "days")

    @staticmethod
    def parse(duration: str) -> "Duration":
        """Read ``PT1D2H3M4S``; each part may be missing, but not all.

        Raises:
            ValueError: It is no such text.
        """
        import re

        parts = re.fullmatch(r"PT(?:([0-9]+)D)?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?", duration)
        if parts is None or not any(parts.groups()):
            raise ValueError(f"not a valid ISO duration: {duration}")
        units = ("days", "hours", "minutes", "seconds")
        return Duration.millis(
            sum(int(part or 0) * _UNITS[unit] for part, unit in zip(parts.groups(), units, strict=True))
        )

    def to_milliseconds(self, *, integral: "bool | None" = None) -> "int | float":
        """In milliseconds; unless ``integral`` is False, a fraction is an error (ValueError), also below."""
        return self._to("millis", integral)

    def to_seconds(self, *, integral: "bool | None" = None) -> "int | float":
        """In seconds."""
        return self._to("seconds", integral)

    def to_minutes(self, *, integral: "bool | None" = None) -> "int | float":
        """In minutes."""
        return self._to("minutes", integral)

    def to_hours(self, *, integral: "bool | None" = None) -> "int | float":
        """In hours."""
        return self._to("hours", integral)

    def to_days(self, *, integral: "bool | None" = None) -> "int | float":
        """In days."""
        return self._to("days", integral)

    def to_iso_string(self) -> str:
        """As ISO 8601 has it: ``PT1H30M``. Milliseconds cannot be said (ValueError)."""
        if self._amount == 0:
            return "PT0S"
        if self._unit == "days":
            return f"PT{number(self._amount)}D"
        if self._unit == "millis":
            raise ValueError("unexpected time unit: millis")
        symbol, modulus, above = _UP[self._unit]
        if self._amount < modulus:
            return f"PT{number(self._amount)}{symbol}"
        rest = self._amount % modulus
        quotient = Duration((self._amount - rest) / modulus, above).to_iso_string()
        return f"{quotient}{number(rest)}{symbol}" if rest > 0 else quotient

    def to_human_string(self) -> str:
        """In words, the two largest units: ``1 hour 30 minutes``."""
        if self._amount == 0:
            return _words(0, self._unit)
        millis = self._amount * _UNITS[self._unit]
        parts = []
        for unit in ("days", "hours", "minutes", "seconds"):
            whole = int(millis // _UNITS[unit])
            if whole > 0:
                parts.append(_words(whole, unit))
                millis -= whole * _UNITS[unit]
        if millis > 0:
            parts.append(_words(millis, "millis"))
        return " ".join(parts[:2])

    def unit_label(self) -> str:
        """The unit it was given in: ``seconds``."""
        return self._unit

    def _to(self, unit: str, integral: "bool | None") -> "int | float":
        value = self._amount
        if unit != self._unit:
            value = self._amount * (_UNITS[self._unit] / _UNITS[unit])
        if float(value).is_integer():
            return int(value)
        if integral is not False:
            given = f"{number(self._amount)} {self._unit}"
            raise ValueError(f"'{given}' cannot be converted into a whole number of {unit}")
        return value


def _words(amount: "int | float", unit: str) -> str:
    return f"{number(amount)} {unit[:-1] if amount == 1 else unit}"
