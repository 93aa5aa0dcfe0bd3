"""The repository that ``meshwright init`` begins with: its files, and what fills them in.

``files/`` holds one template a file, so that whoever changes the start changes the file that users get.
"""
