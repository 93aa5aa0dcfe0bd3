"""Istio's own kinds, and the Kubernetes objects they speak of, as route tables: what istiod would send to a proxy.

One idea a file, in istiod's words. What is specific to the Gateway API lives next door and arrives here as objects.
"""
