"""Envoy: route tables as Envoy configuration (pure), and a real Envoy with echoing upstreams (not pure).

Pure: ``routes`` and back ``read_routes``, ``listeners``, ``clusters``, ``bootstrap``. Not pure: ``process``, ``echo``,
``ask`` (one answer for one request), ``serve`` (until told otherwise). Nothing here decides where a request goes; Envoy
does.
"""
