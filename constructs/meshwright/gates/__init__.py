"""What is asked about an app's output before it is written: one gate a file, named in ``tree/gates.py``.

This room stands above both halves: it takes what the tree is about to write and asks the rooms that read manifests.
Nothing else belongs here, and nothing heavy is imported before a gate has something to look at.
"""
