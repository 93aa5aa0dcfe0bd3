"""Each networking sample of Bookinfo by level 2, a file of the same name for each.

``program(chart)`` writes a sample alone; ``program(chart, bookinfo)`` refers to what ``bookinfo.py`` describes.
"""
