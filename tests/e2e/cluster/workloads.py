"""Stands in for the kubelet and the endpoint controller.

Each Deployment gets one ready Pod whose containers' ports are served by an echo server, each Service that selects it an
EndpointSlice, and its status says available. What was made for objects that are deleted goes with them.

The echo server answers 200 with JSON: {workload, path, method, headers}. One more, ``outside``, answers at
10.1.0.9:8080 for what is no workload of the cluster.
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
SLICES = "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices"
running = {}
"""Where the pods of a Deployment answer, by namespace and name."""
started, known_pods, published = {}, {}, {}


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


def delete(path, name):
    try:
        call("DELETE", f"{path}/{name}?gracePeriodSeconds=0")
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


def serve(workload, address, port):
    class Echo(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

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

    server = Server((address, port), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def ports_of(deployment):
    containers = deployment["spec"]["template"]["spec"]["containers"]
    return {port.get("name"): port["containerPort"] for container in containers for port in container.get("ports", [])}


def serve_once(deployment):
    """Return the address where the pod of a Deployment answers; it goes on answering when the Deployment is gone."""
    ns, name = deployment["metadata"]["namespace"], deployment["metadata"]["name"]
    if (ns, name) not in running:
        running[ns, name] = address = next(ADDRESSES)
        for port in set(ports_of(deployment).values()):
            serve(f"{ns}/{name}", address, port)
    return running[ns, name]


def pod(deployment):
    template, name = deployment["spec"]["template"], deployment["metadata"]["name"]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": template["metadata"]["labels"]},
        "spec": template["spec"],
    }


def start(deployment):
    """Make the pod of a Deployment, ready at once, and say in both statuses that it is."""
    ns, name = deployment["metadata"]["namespace"], deployment["metadata"]["name"]
    address = serve_once(deployment)
    pods = f"/api/v1/namespaces/{ns}/pods"
    if (ns, name) in known_pods and known_pods[ns, name] != pod(deployment)["spec"]:
        delete(pods, name)  # most of a pod cannot be changed
    apply(pods, name, pod(deployment))
    known_pods[ns, name] = pod(deployment)["spec"]
    ready = [{"type": "Ready", "status": "True"}]
    status = {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "conditions": ready}
    set_status(pods, name, status)
    n = deployment["spec"].get("replicas", 1)
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), n)
    conditions = [
        {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
    ]
    generation = deployment["metadata"]["generation"]
    status = {"observedGeneration": generation, **counts, "conditions": conditions}
    set_status(f"/apis/apps/v1/namespaces/{ns}/deployments", name, status)


def slices(services, deployments):
    """Yield the EndpointSlice for each Service and each workload behind it."""
    for service in services:
        ns, selector = service["metadata"]["namespace"], service["spec"].get("selector")
        for deployment in deployments:
            labels = deployment["spec"]["template"]["metadata"]["labels"]
            if selector and deployment["metadata"]["namespace"] == ns and selector.items() <= labels.items():
                yield ns, endpoint_slice(service, deployment)


def endpoint_slice(service, deployment):
    """Return the EndpointSlice that says: this workload is behind this Service."""
    ns, name, workload = service["metadata"]["namespace"], service["metadata"]["name"], deployment["metadata"]["name"]
    ports = ports_of(deployment)
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "addressType": "IPv4",
        "metadata": {"name": f"{name}-{workload}", "labels": {"kubernetes.io/service-name": name}},
        "ports": [
            {
                "name": port.get("name", ""),
                "protocol": "TCP",
                "port": ports.get(port.get("targetPort"), port.get("targetPort", port["port"])),
            }
            for port in service["spec"]["ports"]
        ],
        "endpoints": [
            {
                "addresses": [serve_once(deployment)],
                "conditions": {"ready": True},
                "targetRef": {"kind": "Pod", "namespace": ns, "name": workload},
            }
        ],
    }


def reconcile():
    """Make the pods and EndpointSlices that are missing or have changed, and delete those that nothing asks for."""
    services = call("GET", "/api/v1/services")["items"]
    deployments = call("GET", "/apis/apps/v1/deployments")["items"]
    for deployment in deployments:
        key, generation = identity(deployment), (deployment["metadata"]["uid"], deployment["metadata"]["generation"])
        if started.get(key) != generation:
            start(deployment)
            started[key] = generation
    wanted = {(ns, body["metadata"]["name"]): body for ns, body in slices(services, deployments)}
    for (ns, name), body in wanted.items():
        if published.get((ns, name)) != body:
            apply(SLICES.format(ns), name, body)
            published[ns, name] = body
    for ns, name in published.keys() - wanted.keys():
        delete(SLICES.format(ns), name)
        del published[ns, name]
    for ns, name in started.keys() - {identity(deployment) for deployment in deployments}:
        delete(f"/api/v1/namespaces/{ns}/pods", name)
        del started[ns, name], known_pods[ns, name]


def identity(found):
    return found["metadata"]["namespace"], found["metadata"]["name"]


serve("outside", "10.1.0.9", 8080)
while True:
    try:
        reconcile()
    except urllib.error.HTTPError as error:
        print(error.read().decode()[:500], flush=True)
    except OSError as error:  # the API server may be starting or stopping
        print(repr(error), flush=True)
    time.sleep(1)
