"""Comments on pull and merge requests: one a report, renewed by every run. A platform a file; no report knows them.

A report begins with a marker, an HTML comment, by which its comment is found again.
"""

from meshwright.comments.api import Api, Posted
from meshwright.comments.github import GitHub
from meshwright.comments.gitlab import GitLab
from meshwright.comments.platform import Platform, platform_of, put

__all__ = ["Api", "GitHub", "GitLab", "Platform", "Posted", "platform_of", "put"]
