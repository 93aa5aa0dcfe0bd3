"""``meshwright completion``: print what makes a shell complete the words of this program."""

import click

from meshwright.cli.command import Command

SHELLS = ("bash", "fish", "zsh")


@click.command(
    "completion",
    cls=Command,
    examples=(
        ('eval "$(meshwright completion bash)"', "In ~/.bashrc; zsh takes the same line in ~/.zshrc, with zsh."),
        ("meshwright completion fish > ~/.config/fish/completions/meshwright.fish", "For fish."),
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the lines that make SHELL complete commands, options and their values.

    Exit status: 0 printed.
    """
    from click.shell_completion import get_completion_class

    from meshwright.cli import main

    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(main, {}, "meshwright", "_MESHWRIGHT_COMPLETE").source())
