"""Changes that are refused unless somebody says that they are meant: what loses requests, what deletes too much.

What belongs here: the rules of refusing, and the gate that holds the output of ``synth`` against the last commit. What
does not: what a change does (changes), and how it is told on a terminal (cli, report). Nothing is imported here, so
that a synth that changes nothing pays nothing.
"""
