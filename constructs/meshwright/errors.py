"""The errors a user meets: where, what was wrong, what to do."""


def one_line(text: str) -> str:
    """Return ``text`` with line ends, and all else that a terminal would obey or nobody would see, as escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class MeshwrightError(Exception):
    """One problem, told in one line.

    Args:
        where: A place the user can open: construct path, ``file:line``, or the name of a program.
        wrong: What was found there, quoting the user's own value.
        remedy: What to do about it, as a sentence; empty if ``wrong`` says that, too.
    """

    def __init__(self, where: str, wrong: str, remedy: str) -> None:
        super().__init__(where, wrong, remedy)
        self.where = where
        self.wrong = wrong
        self.remedy = remedy

    def __str__(self) -> str:
        told = f"{self.where}: {self.wrong}"
        return one_line(f"{told}. {self.remedy}" if self.remedy else told)


class ConfigurationError(MeshwrightError):
    """A construct was given something it cannot mean."""


class InputError(MeshwrightError):
    """A folder, file, stream or revision could not be read (exit status 2)."""


class DefinedTwice(InputError):
    """Two objects of one kind and name, of which a cluster can hold one."""


class NothingFound(InputError):
    """What was read holds no Kubernetes object."""


class Errors(MeshwrightError):
    """Several problems found in one go, each printed on its own line."""

    def __init__(self, errors: "list[MeshwrightError]") -> None:
        first = errors[0]
        super().__init__(first.where, first.wrong, first.remedy)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))
