"""The judge: our route tables beside what istiod itself made of the same input, group by group.

``python -m benchmarks.conformance`` prints equal, unknown and different for each group and writes docs/conformance.md.
The recorded answers are data that lies beside the repository; without it there is nothing to judge, which is an error.
"""
