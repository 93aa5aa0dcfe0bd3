#!/usr/bin/env bash
# proxy.sh RUN_FOLDER NAME TYPE ADDRESS NAMESPACE SERVICE_ACCOUNT LABELS ADMIN_PORT: starts the Envoy of a pod, as istiod configures it.
# TYPE is router or sidecar; LABELS are YAML, {app: web}. It shows istiod the token of its service account, as a real proxy does.
set -euo pipefail
run=$1 name=$2 type=$3 address=$4 namespace=$5 account=$6 labels=$7 admin=$8; cd "$run"
token=$(kubectl --kubeconfig kubeconfig create token "$account" -n "$namespace" --audience istio-ca --duration 4h)
[ "$type" = router ] && mode= || mode=', INTERCEPTION_MODE: NONE' # no iptables: listeners where Sidecars bind them
cat > "$name.yaml" <<K
node:
  id: $type~$address~$name.$namespace~$namespace.svc.cluster.local
  cluster: $name
  metadata: {NAMESPACE: $namespace, SERVICE_ACCOUNT: $account, LABELS: $labels, CLUSTER_ID: Kubernetes, ISTIO_VERSION: 1.31.0$mode}
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
dynamic_resources:
  ads_config:
    api_type: GRPC
    transport_api_version: V3
    grpc_services: [{envoy_grpc: {cluster_name: istiod}, initial_metadata: [{key: authorization, value: Bearer $token}]}]
  lds_config: {ads: {}, resource_api_version: V3}
  cds_config: {ads: {}, resource_api_version: V3}
static_resources:
  clusters:
  - name: istiod
    connect_timeout: 1s
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {http2_protocol_options: {}}
    load_assignment: {cluster_name: istiod, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 15010}}}}]}]}
K
envoy=$(${PYTHON:-python3} -c 'import envoy, pathlib; print(pathlib.Path(envoy.__file__).parent / "_bin" / "envoy")')
# The subshell ends at once, so that init is the parent: Envoy ends itself when the process that started it does.
(setsid "$envoy" -c "$name.yaml" -l warn --concurrency 1 --use-dynamic-base-id > "$name.log" 2>&1 < /dev/null & echo $! > "$name.pid")
for _ in $(seq 90); do curl -sf "127.0.0.1:$admin/ready" > /dev/null 2>&1 && exit 0; sleep 1; done
echo "$name did not come up: see $run/$name.log" >&2; exit 1
