"""Envoy: route tables as Envoy configuration (pure), and a real Envoy with echoing upstreams (processes, not pure).

Pure: ``routes``, ``actions``, ``matches``, ``read_routes``, ``listeners``, ``clusters``, ``bootstrap``. Processes:
``process``, ``echo``, ``ask``, ``serve``. Nothing here decides where a request goes; Envoy does.
"""
