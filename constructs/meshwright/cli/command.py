"""What every command has: examples in its help, ``--quiet``, ``--verbose``."""

from typing import Any

import click

from meshwright.cli.terminal import set_verbosity


class Command(click.Command):
    """A command whose help ends with examples.

    Args:
        examples: Pairs of what to type and what it is for. They are run by the tests.
    """

    def __init__(self, *args: Any, examples: tuple[tuple[str, str], ...] = (), **others: Any) -> None:
        super().__init__(*args, **others)
        self.examples = examples
        self.params += [_flag("quiet", "Tell nothing beside the answer."), _flag("verbose", "Tell what was done.")]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for typed, purpose in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{typed}\n")
                    formatter.indent()
                    formatter.write_text(purpose)
                    formatter.dedent()


def _flag(name: str, told: str) -> click.Option:
    return click.Option(
        [f"-{name[0]}", f"--{name}"], is_flag=True, expose_value=False, callback=set_verbosity, help=told
    )
