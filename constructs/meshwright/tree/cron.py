"""Schedules, with the names of cdk8s' `Cron`."""


class Cron:
    """A schedule; what is left out is ``*``.

    Args:
        minute: 0 to 59.
        hour: 0 to 23.
        day: Of the month, 1 to 31.
        month: 1 to 12.
        week_day: 0 (Sunday) to 6.
    """

    __slots__ = ("_expression",)

    def __init__(
        self,
        *,
        day: "str | None" = None,
        hour: "str | None" = None,
        minute: "str | None" = None,
        month: "str | None" = None,
        week_day: "str | None" = None,
    ) -> None:
        parts = (minute, hour, day, month, week_day)
        self._expression = " ".join("*" if part is None else part for part in parts)

    @property
    def expression_string(self) -> str:
        """As cron has it: ``0 4 * * 1``."""
        return self._expression

    @staticmethod
    def schedule(
        *,
        day: "str | None" = None,
        hour: "str | None" = None,
        minute: "str | None" = None,
        month: "str | None" = None,
        week_day: "str | None" = None,
    ) -> "Cron":
        """A schedule of one's own."""
        return Cron(day=day, hour=hour, minute=minute, month=month, week_day=week_day)

    @staticmethod
    def every_minute() -> "Cron":
        """Every minute."""
        return Cron()

    @staticmethod
    def hourly() -> "Cron":
        """At the full hour."""
        return Cron(minute="0")

    @staticmethod
    def daily() -> "Cron":
        """At midnight."""
        return Cron(minute="0", hour="0")

    @staticmethod
    def weekly() -> "Cron":
        """On Sunday at midnight."""
        return Cron(minute="0", hour="0", week_day="0")

    @staticmethod
    def monthly() -> "Cron":
        """On the first of the month at midnight."""
        return Cron(minute="0", hour="0", day="1")

    @staticmethod
    def annually() -> "Cron":
        """On the first of January at midnight."""
        return Cron(minute="0", hour="0", day="1", month="1")
