"""Route tests: the two formats that exist elsewhere, read and run unchanged. Each format is one file.

A format judges requests against manifests and returns results; what it prints and how it exits is the command's.
"""
