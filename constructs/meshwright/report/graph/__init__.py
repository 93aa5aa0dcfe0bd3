"""The picture of a mesh as a Mermaid graph, an SVG, or a page to search: how its values look, nothing else.

Names in manifests are hostile until proven otherwise: each format escapes all of them, whatever they are.
"""
