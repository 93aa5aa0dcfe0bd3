"""Bookinfo twice, once in a namespace where ratings are slow, beside an app that takes any host."""


def _service(namespace, name, versions, port=9080):
    yield f"""apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: {port}}}]}}
"""
    for version in versions:
        yield f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}-{version}, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{app: {name}, version: {version}}}}}}}}}
"""


def _mesh(namespace, host, fault):
    yield from _service(namespace, "productpage", ["v1"])
    yield from _service(namespace, "details", ["v1"])
    yield from _service(namespace, "ratings", ["v1", "v2"])
    yield from _service(namespace, "reviews", ["v1", "v2", "v3"])
    yield f"""apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: books, namespace: {namespace}}}
spec:
  selector: {{istio: ingressgateway}}
  servers: [{{port: {{number: 80, name: http, protocol: HTTP}}, hosts: [{host}]}}]
"""
    yield f"""apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: books, namespace: {namespace}}}
spec:
  hosts: [{host}]
  gateways: [books]
  http:
  - match: [{{uri: {{exact: /productpage}}}}, {{uri: {{prefix: /static}}}}]
    route: [{{destination: {{host: productpage}}}}]
"""
    for name, versions in (("ratings", ("v1", "v2")), ("reviews", ("v1", "v2", "v3"))):
        subsets = ", ".join(f"{{name: {each}, labels: {{version: {each}}}}}" for each in versions)
        yield f"""apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{host: {name}, subsets: [{subsets}]}}
"""
    yield f"""apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: ratings, namespace: {namespace}}}
spec:
  hosts: [ratings]
  http:
  - name: everyone
    {fault}
    route:
    - destination: {{host: ratings, subset: v1}}
      weight: 80
    - destination: {{host: ratings, subset: v2}}
      weight: 20
"""
    yield f"""apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: reviews, namespace: {namespace}}}
spec:
  hosts: [reviews]
  http:
  - match: [{{headers: {{end-user: {{exact: jason}}}}}}]
    route: [{{destination: {{host: reviews, subset: v2}}}}]
  - route: [{{destination: {{host: reviews, subset: v3}}}}]
"""


def _guestbook():
    yield from _service("default", "guestbook", ["v1"], 3000)
    yield """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: guestbook, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
"""
    yield """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: guestbook, namespace: default}
spec: {hosts: ["*"], gateways: [guestbook], http: [{route: [{destination: {host: guestbook}}]}]}
"""
    yield """apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ratings-database, namespace: default}
spec:
  hosts: [a-database-with-a-long-name.example.com]
  resolution: DNS
  ports: [{number: 3306, name: tcp, protocol: TCP}]
"""


BOOKS = "---\n".join(
    [
        *_mesh("default", "bookinfo.example.com", "timeout: 5s"),
        *_mesh("drill", "bookinfo.drill.example.com", "fault: {delay: {fixedDelay: 5s, percentage: {value: 10}}}"),
        *_guestbook(),
    ]
)
