"""Questions to route tables, answered without side effects: where a request goes, and why.

The semantics are Envoy's, proven against a real one in tests/analysis. Nothing here reads a file, prints, or knows a
configuration language.
"""
