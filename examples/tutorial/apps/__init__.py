"""The apps of this repository, one module each."""
