"""Write docs/fields.md: every field of Gateway, VirtualService and DestinationRule, and how level 2 says it.

``python tools/fields.py``. The fields are those of the generated level 1; what level 2 says is kept here. A field that
is missing here, or is none of the API, is an error.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "constructs"))

from meshwright.imports.istio import networking  # noqa: E402

PAGE = ROOT / "docs" / "fields.md"
KINDS = ("Gateway", "VirtualService", "DestinationRule")
LEVEL_1 = "level 1"

# message -> field -> what says it: "Class(argument=)", "Class.method", or level 1 with the reason
SAID = {
    "Gateway": {"selector": "IngressGateway(selector=)", "servers": "IngressGateway(servers=)"},
    "Server": {
        "bind": "Server(bind=)",
        "defaultEndpoint": "level 1: Istio does not read it",
        "hosts": "Server(hosts=), IngressGateway(hosts=)",
        "name": "level 1: shown in Envoy's statistics alone",
        "port": "Server(port=)",
        "tls": "Server(tls=)",
    },
    "Port": {
        "name": "Server(name=), made of protocol and number when left out",
        "number": "Server(port=), IngressGateway(port=)",
        "protocol": "Server(protocol=), Server.http, Server.https, Server.tls_passthrough, Server.tls_terminated,"
        " Server.tcp, Server.grpc, Server.http2, Server.mongo",
        "targetPort": "level 1: without effect on gateways",
    },
    "ServerTLSSettings": {
        "caCertCredentialName": "level 1: ServerTls(credential=) names the Secret that holds it, too",
        "caCertificates": "level 1: a file in the pod; name a Secret with ServerTls(credential=)",
        "caCrl": "level 1: a file in the pod",
        "cipherSuites": "ServerTls(cipher_suites=)",
        "credentialName": "ServerTls(credential=)",
        "credentialNames": "level 1: two certificates, RSA and ECDSA, for one server",
        "httpsRedirect": "Server(https_redirect=)",
        "insecureSkipVerify": "level 1: takes away what client certificates are for",
        "maxProtocolVersion": "ServerTls(max_version=)",
        "minProtocolVersion": "ServerTls(min_version=)",
        "mode": "ServerTls(client_certificates=); Server.tls_passthrough; AUTO_PASSTHROUGH, ISTIO_MUTUAL: level 1",
        "privateKey": "level 1: a file in the pod; name a Secret with ServerTls(credential=)",
        "serverCertificate": "level 1: a file in the pod; name a Secret with ServerTls(credential=)",
        "subjectAltNames": "ServerTls(subject_alt_names=)",
        "tlsCertificates": "level 1: files in the pod",
        "verifyCertificateHash": "level 1",
        "verifyCertificateSpki": "level 1",
    },
    "TLSCertificate": {
        "caCertificates": "level 1: a file in the pod",
        "privateKey": "level 1: a file in the pod",
        "serverCertificate": "level 1: a file in the pod",
    },
    "VirtualService": {
        "exportTo": "level 1",
        "gateways": "HttpRoutes(gateways=), HttpRoutes(mesh=); also of TlsRoutes and TcpRoutes",
        "hosts": "HttpRoutes(hosts=), TlsRoutes(hosts=), TcpRoutes(hosts=)",
        "http": "HttpRoutes(routes=); Canary and BlueGreen write them",
        "tcp": "TcpRoutes(routes=)",
        "tls": "TlsRoutes(routes=)",
    },
    "HTTPRoute": {
        "corsPolicy": "Route(cors=)",
        "delegate": "Route(delegate=)",
        "directResponse": "Route(direct_response=)",
        "fault": "Route(fault=)",
        "headers": "Route(request_headers=), Route(response_headers=)",
        "match": "Route(match=)",
        "mirror": "Route(mirror=), which is written as mirrors",
        "mirror_percent": "level 1: deprecated; Mirror(percent=)",
        "mirrorPercent": "level 1: deprecated; Mirror(percent=)",
        "mirrorPercentage": "Mirror(percent=), which is written in mirrors",
        "mirrors": "Route(mirror=)",
        "name": "Route(name=)",
        "redirect": "Route(redirect=)",
        "retries": "Route(retries=)",
        "rewrite": "Route(rewrite=)",
        "route": "Route(to=)",
        "timeout": "Route(timeout=)",
    },
    "CorsPolicy": {
        "allowCredentials": "Cors(allow_credentials=)",
        "allowHeaders": "Cors(allow_headers=)",
        "allowMethods": "Cors(allow_methods=)",
        "allowOrigin": "level 1: deprecated; Cors(allow_origins=)",
        "allowOrigins": "Cors(allow_origins=), Cors(allow_origin_prefixes=), Cors(allow_origin_regexes=)",
        "exposeHeaders": "Cors(expose_headers=)",
        "maxAge": "Cors(max_age=)",
        "unmatchedPreflights": "Cors(unmatched_preflights=)",
    },
    "StringMatch": {
        "exact": "Match.exact, and exact= of Match.header and others",
        "prefix": "Match.prefix, and prefix= of Match.header and others",
        "regex": "Match.regex, Match.below, and regex= of Match.header and others",
    },
    "Delegate": {
        "name": "Route(delegate=): the DelegateRoutes themselves",
        "namespace": "Route(delegate=): the DelegateRoutes themselves",
    },
    "HTTPDirectResponse": {"body": "DirectResponse(body=)", "status": "DirectResponse(status=)"},
    "HTTPBody": {"bytes": "level 1", "string": "DirectResponse(body=)"},
    "HTTPFaultInjection": {"abort": "Fault(abort=)", "delay": "Fault(delay=)"},
    "Abort": {
        "grpcStatus": "Abort(grpc_status=)",
        "http2Error": "level 1: Istio does not read it",
        "httpStatus": "Abort(status=)",
        "percentage": "Abort(percent=)",
    },
    "Percent": {"value": "Abort(percent=), Delay(percent=), Mirror(percent=)"},
    "Delay": {
        "exponentialDelay": "level 1: Istio does not read it",
        "fixedDelay": "Delay(fixed=)",
        "percent": "level 1: deprecated; Delay(percent=)",
        "percentage": "Delay(percent=)",
    },
    "Headers": {"request": "Route(request_headers=)", "response": "Route(response_headers=)"},
    "HeaderOperations": {
        "add": "HeaderChanges(add=)",
        "remove": "HeaderChanges(remove=)",
        "set": "HeaderChanges(set=)",
    },
    "HTTPMatchRequest": {
        "authority": "Match.authority",
        "gateways": "Match.through",
        "headers": "Match.header, Match.cookie",
        "ignoreUriCase": "ignore_case= of Match.prefix and Match.exact",
        "method": "Match.method",
        "name": "level 1: shown in access logs; Route(name=) is, too",
        "port": "Match.port",
        "queryParams": "Match.query",
        "scheme": "Match.scheme",
        "sourceLabels": "Match.source",
        "sourceNamespace": "Match.source",
        "statPrefix": "level 1: shown in Envoy's statistics alone",
        "uri": "Match.prefix, Match.below, Match.exact, Match.regex",
        "withoutHeaders": "Match.without_header",
    },
    "Destination": {
        "host": "Route(to=): an app, an external service, Subsets, a Service of cdk8s-plus, or Backend(host=)",
        "port": "that of the target; ExternalService.port, Backend(port=)",
        "subset": "HttpApp.version, Subsets.subset, Backend(subset=)",
    },
    "PortSelector": {"number": "that of the target; ExternalService.port, Backend(port=); TrafficPolicy(ports=)"},
    "HTTPMirrorPolicy": {"destination": "Mirror(to=)", "percentage": "Mirror(percent=)"},
    "HTTPRedirect": {
        "authority": "Redirect(authority=)",
        "derivePort": "Redirect(port=)",
        "port": "Redirect(port=)",
        "prefixRewrite": "Redirect(prefix_rewrite=)",
        "redirectCode": "Redirect(code=)",
        "scheme": "Redirect(scheme=)",
        "uri": "Redirect(uri=)",
    },
    "HTTPRetry": {
        "attempts": "Retries(attempts=)",
        "backoff": "Retries(backoff=)",
        "perTryTimeout": "Retries(per_try_timeout=)",
        "retryIgnorePreviousHosts": "level 1",
        "retryOn": "Retries(on=)",
        "retryRemoteLocalities": "Retries(remote_localities=)",
    },
    "HTTPRewrite": {
        "authority": "Rewrite(authority=)",
        "uri": "Rewrite(uri=)",
        "uriRegexRewrite": "Rewrite(regex=), Rewrite(replacement=)",
    },
    "RegexRewrite": {"match": "Rewrite(regex=)", "rewrite": "Rewrite(replacement=)"},
    "HTTPRouteDestination": {
        "destination": "Route(to=)",
        "headers": "level 1: Route(request_headers=) is for all targets of a route",
        "weight": "Route(to=): a mapping of targets to shares; Canary(weight=)",
    },
    "TCPRoute": {"match": "arguments of TcpRoute", "route": "TcpRoute(to=)"},
    "L4MatchAttributes": {
        "destinationSubnets": "TcpRoute(destination_subnets=)",
        "gateways": "TcpRoutes(gateways=), for all its routes",
        "port": "TcpRoute(port=)",
        "sourceLabels": "TcpRoute(source=)",
        "sourceNamespace": "TcpRoute(source=)",
        "sourceSubnet": "level 1: Istio does not read it",
    },
    "RouteDestination": {
        "destination": "TcpRoute(to=), TlsRoute(to=)",
        "weight": "TcpRoute(to=), TlsRoute(to=): a mapping of targets to shares",
    },
    "TLSRoute": {"match": "arguments of TlsRoute", "route": "TlsRoute(to=)"},
    "TLSMatchAttributes": {
        "destinationSubnets": "level 1",
        "gateways": "TlsRoutes(gateways=), for all its routes; EgressGateway writes them",
        "port": "TlsRoute(port=)",
        "sniHosts": "TlsRoute(sni_hosts=)",
        "sourceLabels": "TlsRoute(source=)",
        "sourceNamespace": "TlsRoute(source=)",
    },
    "DestinationRule": {
        "exportTo": "level 1",
        "host": "Subsets(of=); an HttpApp, an ExternalService and an EgressGateway write their own",
        "subsets": "Subsets(subsets=), HttpApp(versions=)",
        "trafficPolicy": "Subsets(traffic_policy=), HttpApp(traffic_policy=), ExternalService(traffic_policy=)",
        "workloadSelector": "level 1",
    },
    "Subset": {
        "labels": "Subset(labels=)",
        "name": "Subset(name=), or the name of a version of an HttpApp",
        "trafficPolicy": "Subset(traffic_policy=), Version(traffic_policy=)",
    },
    "TrafficPolicy": {
        "connectionPool": "TrafficPolicy(connection_pool=)",
        "loadBalancer": "TrafficPolicy(load_balancer=)",
        "outlierDetection": "TrafficPolicy(outlier_detection=)",
        "portLevelSettings": "TrafficPolicy(ports=)",
        "proxyProtocol": "TrafficPolicy(proxy_protocol=)",
        "retryBudget": "TrafficPolicy(retry_budget=)",
        "tls": "TrafficPolicy(tls=), ExternalService(tls=)",
        "tunnel": "level 1",
    },
    "ConnectionPoolSettings": {"http": "arguments of ConnectionPool", "tcp": "arguments of ConnectionPool"},
    "HTTPSettings": {
        "h2UpgradePolicy": "ConnectionPool(h2_upgrade_policy=)",
        "http1MaxPendingRequests": "ConnectionPool(http1_max_pending_requests=)",
        "http2KeepAlive": "ConnectionPool(http2_keepalive=)",
        "http2MaxRequests": "ConnectionPool(http2_max_requests=)",
        "idleTimeout": "ConnectionPool(idle_timeout=)",
        "maxConcurrentStreams": "ConnectionPool(max_concurrent_streams=)",
        "maxRequestsPerConnection": "ConnectionPool(max_requests_per_connection=)",
        "maxRetries": "ConnectionPool(max_retries=)",
        "useClientProtocol": "ConnectionPool(use_client_protocol=)",
    },
    "ConnectionKeepalive": {
        "interval": "ConnectionPool(http2_keepalive=)",
        "timeout": "ConnectionPool(http2_keepalive=)",
    },
    "TCPSettings": {
        "connectTimeout": "ConnectionPool(connect_timeout=)",
        "idleTimeout": "ConnectionPool(tcp_idle_timeout=)",
        "maxConnectionDuration": "ConnectionPool(max_connection_duration=)",
        "maxConnections": "ConnectionPool(max_connections=)",
        "tcpKeepalive": "ConnectionPool(tcp_keepalive=)",
    },
    "TcpKeepalive": {
        "interval": "TcpKeepalive(interval=)",
        "probes": "TcpKeepalive(probes=)",
        "time": "TcpKeepalive(time=)",
    },
    "LoadBalancerSettings": {
        "consistentHash": "LoadBalancer(consistent_hash=)",
        "localityLbSetting": "LoadBalancer(locality=)",
        "simple": "LoadBalancer(simple=), or its name as TrafficPolicy(load_balancer=)",
        "warmup": "LoadBalancer(warmup=)",
        "warmupDurationSecs": "level 1: deprecated; LoadBalancer(warmup=)",
        "zoneAwareLbSetting": "level 1",
    },
    "ConsistentHashLB": {
        "httpCookie": "ConsistentHash(cookie=)",
        "httpHeaderName": "ConsistentHash(header=)",
        "httpQueryParameterName": "ConsistentHash(query_parameter=)",
        "maglev": "ConsistentHash(maglev_table_size=)",
        "minimumRingSize": "level 1: deprecated; ConsistentHash(minimum_ring_size=)",
        "ringHash": "ConsistentHash(minimum_ring_size=)",
        "useSourceIp": "ConsistentHash(source_ip=)",
    },
    "HTTPCookie": {
        "attributes": "HashCookie(attributes=)",
        "name": "HashCookie(name=)",
        "path": "HashCookie(path=)",
        "ttl": "HashCookie(ttl=)",
    },
    "Attribute": {"name": "HashCookie(attributes=)", "value": "HashCookie(attributes=)"},
    "MagLev": {"tableSize": "ConsistentHash(maglev_table_size=)"},
    "RingHash": {"minimumRingSize": "ConsistentHash(minimum_ring_size=)"},
    "LocalityLoadBalancerSetting": {
        "distribute": "Locality(distribute=)",
        "enabled": "Locality(enabled=)",
        "failover": "Locality(failover=)",
        "failoverPriority": "Locality(failover_priority=)",
    },
    "Distribute": {"from": "Locality(distribute=)", "to": "Locality(distribute=)"},
    "LocalityLoadBalancerSettingFailover": {"from": "Locality(failover=)", "to": "Locality(failover=)"},
    "WarmupConfiguration": {
        "aggression": "Warmup(aggression=)",
        "duration": "Warmup(duration=)",
        "minimumPercent": "Warmup(minimum_percent=)",
    },
    "ZoneAwareLoadBalancerSetting": {
        "enabled": "level 1",
        "failover": "level 1",
        "failoverPriority": "level 1",
        "minClusterSize": "level 1",
    },
    "ZoneAwareLoadBalancerSettingFailover": {"from": "level 1", "to": "level 1"},
    "OutlierDetection": {
        "baseEjectionTime": "OutlierDetection(base_ejection_time=)",
        "consecutive5xxErrors": "OutlierDetection(consecutive_5xx_errors=)",
        "consecutiveErrors": "level 1: deprecated; OutlierDetection(consecutive_5xx_errors=)",
        "consecutiveGatewayErrors": "OutlierDetection(consecutive_gateway_errors=)",
        "consecutiveLocalOriginFailures": "OutlierDetection(consecutive_local_origin_failures=)",
        "interval": "OutlierDetection(interval=)",
        "maxEjectionPercent": "OutlierDetection(max_ejection_percent=)",
        "minHealthPercent": "OutlierDetection(min_health_percent=)",
        "outlierDetectionHttpErrorCodes": "OutlierDetection(http_error_codes=)",
        "splitExternalLocalOriginErrors": "OutlierDetection(split_external_local_origin_errors=)",
    },
    "PortTrafficPolicy": {
        "connectionPool": "TrafficPolicy(ports=)",
        "loadBalancer": "TrafficPolicy(ports=)",
        "outlierDetection": "TrafficPolicy(ports=)",
        "port": "TrafficPolicy(ports=)",
        "tls": "TrafficPolicy(ports=)",
    },
    "ClientTLSSettings": {
        "caCertificates": "ClientTls(ca_certificates=)",
        "caCrl": "level 1: a file in the pod",
        "clientCertificate": "ClientTls(client_certificate=)",
        "credentialName": "ClientTls(credential=)",
        "insecureSkipVerify": "ClientTls(insecure_skip_verify=)",
        "mode": "ClientTls(mode=)",
        "privateKey": "ClientTls(private_key=)",
        "sni": "ClientTls(sni=)",
        "subjectAltNames": "ClientTls(subject_alt_names=)",
    },
    "ProxyProtocol": {"version": "TrafficPolicy(proxy_protocol=)"},
    "RetryBudget": {
        "budgetInterval": "RetryBudget(interval=)",
        "minRetryConcurrency": "RetryBudget(min_retry_concurrency=)",
        "percent": "RetryBudget(percent=)",
    },
    "TunnelSettings": {"protocol": "level 1", "targetHost": "level 1", "targetPort": "level 1"},
    "DestinationRuleWorkloadSelector": {"matchLabels": "level 1"},
}

HEAD = """# Every field, and how level 2 says it

Written by `tools/fields.py` from the generated level 1. A message stands once, where it is first met. "Level 1" means
that the field is set on the level-1 object, which every construct has as an attribute; see
[what level 2 does not say](constructs/level-1.md).
"""


def messages(kind: str, found: dict[str, list[str]]) -> None:
    """Add a message and those it holds to ``found``: each with the API's names of its fields."""
    if kind in found:
        return
    fields = networking.TYPES.written(kind)[0]
    found[kind] = [wire for wire, _ in fields.values()]
    for _, kind_of_field in fields.values():
        for inner in re.findall(r"[A-Z]\w+", kind_of_field):
            if inner in networking.TYPES.table:
                messages(inner, found)


def page() -> str:
    """Return the text of the page.

    Raises:
        LookupError: What is said here and the API differ.
    """
    found: dict[str, list[str]] = {}
    lines = [HEAD]
    for kind in KINDS:
        before = set(found)
        messages(kind, found)
        lines.append(f"\n## {kind}\n\n| field | level 2 |\n| --- | --- |\n")
        for message in [name for name in found if name not in before]:
            _same(message, found[message])
            lines += [f"| `{message}.{field}` | {marked(SAID[message][field])} |\n" for field in found[message]]
    if set(SAID) != set(found):
        raise LookupError(f"no such messages: {sorted(set(SAID) - set(found))}")
    said = [text for fields in SAID.values() for text in fields.values()]
    by_level_1 = sum(text.startswith(LEVEL_1) for text in said)
    lines.append(f"\n{len(said)} fields, {by_level_1} of them by level 1.\n")
    return "".join(lines)


def marked(text: str) -> str:
    """Return what is said with its code marked as such."""
    return re.sub(r"\b[A-Z]\w+(\(\w+=\)|\.[a-z]\w+)", lambda code: f"`{code[0]}`", text)


def _same(message: str, fields: list[str]) -> None:
    said = set(SAID.get(message, {}))
    if said != set(fields):
        raise LookupError(f"{message}: missing {sorted(set(fields) - said)}, unknown {sorted(said - set(fields))}")


if __name__ == "__main__":
    PAGE.write_text(page())
