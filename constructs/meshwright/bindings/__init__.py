"""The generator behind `meshwright import`: schemas of kinds in, typed Python out.

Used when a CRD changes, never when manifests are made; what generated modules need at run time is in tree/.
"""
