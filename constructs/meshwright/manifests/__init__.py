"""Where manifests come from and what they are: folders, standard input, git revisions; one Resource an object.

Values are what Kubernetes reads, each object knows its file and line, and what cannot be read is an error with both.
"""

from meshwright.manifests.documents import sharing_texts
from meshwright.manifests.folder import read_file, read_folder
from meshwright.manifests.resource import Resource
from meshwright.manifests.revision import read_revision
from meshwright.manifests.source import read
from meshwright.manifests.stream import read_stream, read_text

__all__ = ["Resource", "read", "read_file", "read_folder", "read_revision", "read_stream", "read_text", "sharing_texts"]
