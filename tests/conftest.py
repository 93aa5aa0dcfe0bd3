"""What all tests share: in continuous integration random examples are the same on every run; elsewhere they are new."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
