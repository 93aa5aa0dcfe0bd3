"""The commands, one file each: read, ask, report, set the exit status. Nothing here decides anything about traffic.

A command's module is imported only when that command runs, so that starting costs what the command needs.
"""

from importlib import import_module

import click

import meshwright
from meshwright.errors import MeshwrightError

COMMANDS = {
    "bootstrap": "Print what has to be applied once, for Argo CD to keep the rest.",
    "check": "Find what can never work.",
    "comment": "Let a pull request carry a report.",
    "compile": "Print what istiod would send to a proxy.",
    "completion": "Print what makes a shell complete meshwright's words.",
    "diff": "Say which requests a change touches, and how.",
    "explain": "Say where a request goes, and why.",
    "graph": "Draw where requests go.",
    "guard": "Refuse a change that loses requests on its way or deletes too much.",
    "import": "Write typed constructs for the CRDs that cdk8s.yaml names.",
    "init": "Begin a repository for an app.",
    "preview": "Serve the manifests on a real Envoy on this machine.",
    "synth": "Write dist/ from main.py.",
    "test": "Run route tests against manifests.",
}


_MOST_ERRORS = 20


class _Commands(click.Group):
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            remedy = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(sorted(COMMANDS))}."
            ctx.fail(f'there is no command "{args[0]}". {remedy}')
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"meshwright.cli.{cmd_name.replace('import', 'import_crds')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        from meshwright.cli.terminal import colours

        ctx.color = colours()
        try:
            return super().invoke(ctx)
        except MeshwrightError as error:
            lines = str(error).splitlines()
            for line in lines[:_MOST_ERRORS]:
                where, colon, rest = line.partition(": ")
                click.echo(click.style(f"{where}{colon}", bold=True) + rest, err=True)
            if len(lines) > _MOST_ERRORS:
                click.echo(f"and {len(lines) - _MOST_ERRORS} more like these", err=True)
            ctx.exit(2)


@click.group(cls=_Commands)
@click.version_option(meshwright.__version__, prog_name="meshwright")
def main() -> None:
    """Typed Python that becomes Kubernetes and Istio manifests, and a compiler that knows what they do to traffic."""
