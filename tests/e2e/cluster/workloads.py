"""Stands in for the kubelet and the endpoint controller: each Deployment gets one ready Pod whose containers' ports are
served by an echo server, each Service that selects it an EndpointSlice, and its status says available.

The echo server answers 200 with JSON: {workload, path, method, headers}.
"""

import http.server
import itertools
import json
import os
import ssl
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml

config = yaml.safe_load(Path(os.environ["KUBECONFIG"]).read_text())
SERVER, TOKEN = config["clusters"][0]["cluster"]["server"], config["users"][0]["user"]["token"]
ANY_CERTIFICATE = ssl._create_unverified_context()
ADDRESSES = (f"10.1.0.{n}" for n in itertools.count(11))
running = {}


def call(method, path, body=None, content="application/json"):
    request = urllib.request.Request(
        SERVER + path,
        method=method,
        data=body and json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": content},
    )
    return json.load(urllib.request.urlopen(request, context=ANY_CERTIFICATE))


def apply(path, name, body):
    call("PATCH", f"{path}/{name}?fieldManager=workloads&force=true", body, "application/apply-patch+yaml")


def set_status(path, name, status):
    call("PATCH", f"{path}/{name}/status", {"status": status}, "application/merge-patch+json")


def serve(workload, address, port):
    class Echo(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            body = json.dumps(
                {"workload": workload, "path": self.path, "method": self.command, "headers": dict(self.headers)}
            ).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer((address, port), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def run(deployment, services):
    ns, name = deployment["metadata"]["namespace"], deployment["metadata"]["name"]
    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"]
    ports = {p.get("name"): p["containerPort"] for c in template["spec"]["containers"] for p in c.get("ports", [])}
    if (ns, name) not in running:
        running[ns, name] = address = next(ADDRESSES)
        for port in set(ports.values()):
            serve(f"{ns}/{name}", address, port)
    address = running[ns, name]
    pods = f"/api/v1/namespaces/{ns}/pods"
    apply(
        pods,
        name,
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": template["spec"]},
    )
    set_status(
        pods,
        name,
        {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    )
    n = deployment["spec"].get("replicas", 1)
    set_status(
        f"/apis/apps/v1/namespaces/{ns}/deployments",
        name,
        {
            "observedGeneration": deployment["metadata"]["generation"],
            "replicas": n,
            "updatedReplicas": n,
            "readyReplicas": n,
            "availableReplicas": n,
            "conditions": [
                {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
            ],
        },
    )
    for service in services:
        selector = service["spec"].get("selector")
        here = service["metadata"]["namespace"] == ns
        if here and selector and all(labels.get(key) == value for key, value in selector.items()):
            publish(service, name, address, ports)


def publish(service, workload, address, ports):
    """Write the EndpointSlice that says: this workload is behind this Service."""
    ns = service["metadata"]["namespace"]
    slice_name = f"{service['metadata']['name']}-{workload}"
    apply(
        f"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices",
        slice_name,
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "addressType": "IPv4",
            "metadata": {"name": slice_name, "labels": {"kubernetes.io/service-name": service["metadata"]["name"]}},
            "ports": [
                {
                    "name": p.get("name", ""),
                    "protocol": "TCP",
                    "port": ports.get(p.get("targetPort"), p.get("targetPort", p["port"])),
                }
                for p in service["spec"]["ports"]
            ],
            "endpoints": [
                {
                    "addresses": [address],
                    "conditions": {"ready": True},
                    "targetRef": {"kind": "Pod", "namespace": ns, "name": workload},
                }
            ],
        },
    )


while True:
    try:
        services = call("GET", "/api/v1/services")["items"]
        for deployment in call("GET", "/apis/apps/v1/deployments")["items"]:
            run(deployment, services)
    except urllib.error.HTTPError as error:
        print(error.read().decode()[:500], flush=True)
    except OSError as error:  # the API server may be starting or stopping
        print(repr(error), flush=True)
    time.sleep(2)
