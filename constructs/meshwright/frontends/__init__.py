"""From manifests to route tables, one room a configuration language. A frontend reads Resources and knows no Envoy."""

from meshwright.frontends.istio.mesh import Mesh, MeshOptions, compile_mesh

__all__ = ["Mesh", "MeshOptions", "compile_mesh"]
