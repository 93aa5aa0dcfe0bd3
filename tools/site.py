"""What mkdocs is told beyond mkdocs.yml: pages made from code, and navigation by folder.

Pages made here are never stale, for nobody writes them: the commands with their help, and the classes of
``meshwright.charts`` with what their docstrings say.
"""

import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "constructs"))


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put a folder's pages where the navigation names the folder."""
    config.nav = _expanded(config.nav, Path(config.docs_dir), set(_leaves(config.nav)))
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages made from code."""
    pages = {"reference/commands.md": commands_page(), "reference/classes.md": classes_page()}
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def _expanded(entries: Any, docs: Path, named: Collection[str]) -> Any:
    if isinstance(entries, dict):
        return {title: _expanded(entry, docs, named) for title, entry in entries.items()}
    if isinstance(entries, list):
        return [_expanded(entry, docs, named) for entry in entries]
    if isinstance(entries, str) and entries.endswith("*"):
        pages = sorted(docs.glob(f"{entries}.md"), key=lambda page: (page.stem != "index", page.stem))
        paths = [page.relative_to(docs).as_posix() for page in pages]
        return [path for path in paths if path not in named]
    return entries


def _leaves(entries: Any) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    else:
        for entry in entries.values() if isinstance(entries, dict) else entries:
            yield from _leaves(entry)


def commands_page() -> str:
    """Return the page of all commands, by their own help."""
    from meshwright.cli import COMMANDS, main

    parts = ["# Commands\n\nFOLDER is a folder, a file, `-` for standard input, or `REV:PATH` in git.\n"]
    context = click.Context(main, info_name="meshwright")
    for name in sorted(COMMANDS):
        command = main.get_command(context, name)
        assert command is not None
        parts.append(f"## {name}\n\n{COMMANDS[name]}\n\n```text\n{_help(command, context, name)}\n```\n")
    return "\n".join(parts)


def _help(command: click.Command, parent: click.Context, name: str) -> str:
    return command.get_help(click.Context(command, parent=parent, info_name=name, max_content_width=100))


def classes_page() -> str:
    """Return the page of the classes that main.py is written with, for mkdocstrings to fill in."""
    parts = ["# Classes\n\nWhat `main.py` and `apps/` are written with. Each takes `scope` and `id` as in cdk8s.\n"]
    parts += [f"::: {path}.{name}\n" for path, name in sorted(_public_classes(), key=lambda each: each[1].lower())]
    return "\n".join(parts)


def _public_classes() -> Iterator[tuple[str, str]]:
    for line in (ROOT / "constructs/meshwright/charts/__init__.py").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r" *from (meshwright\.charts\.\w+) import (\w+) as \w+", line)
        if found:
            yield found[1], found[2]
