"""From manifests to route tables, one room a configuration language. A frontend reads Resources and knows no Envoy."""
