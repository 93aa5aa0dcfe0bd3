"""Typed Python that becomes Kubernetes and Istio manifests, and a compiler that knows what they do to traffic."""

__version__ = "0.1.0"
