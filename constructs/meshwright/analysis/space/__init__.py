"""The algebra of requests: sets of them as values, with emptiness, coverage and witnesses, all exact.

Languages over bytes stand at the bottom, conditions on one part of a request above them, sets of requests on top.
Nothing here knows in which order routes are tried; that belongs to those who ask.
"""
