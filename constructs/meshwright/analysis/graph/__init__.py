"""The picture of a mesh as a value: ways in, hosts with their rules, services with their versions.

It is read off route tables alone, so that what is drawn is what proxies do. How it looks is the report's business.
"""

from meshwright.analysis.graph.build import Drawable, mesh_graph
from meshwright.analysis.graph.values import Door, Entrance, Host, Lock, MeshGraph, Rule, Service, Target, Version

__all__ = [
    "Door",
    "Drawable",
    "Entrance",
    "Host",
    "Lock",
    "MeshGraph",
    "Rule",
    "Service",
    "Target",
    "Version",
    "mesh_graph",
]
