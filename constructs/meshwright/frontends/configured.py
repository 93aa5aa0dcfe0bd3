"""What a repository says of its mesh: the subject ``mesh`` of cdk8s.yaml and pyproject.toml."""

from meshwright.frontends.istio.mesh import MeshOptions
from meshwright.settings import read_sections

SETTINGS = {"cluster_domain": str, "config_domain": str, "root_namespace": str}


def configured_mesh(given: "dict[str, str | None] | None" = None) -> MeshOptions:
    """Return the options of the mesh: those given, else those that the files of the current folder say.

    Raises:
        InputError: A file cannot be read, or a setting is unknown or of the wrong type.
    """
    values, _ = read_sections("mesh", SETTINGS)
    return MeshOptions(**{**values, **{key: value for key, value in (given or {}).items() if value is not None}})
