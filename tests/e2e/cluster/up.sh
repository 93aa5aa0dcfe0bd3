#!/usr/bin/env bash
# A real Kubernetes API server, istiod, Argo CD and Envoy ingress gateway in one network namespace: no containers, no kubelet.
#   BIN=FOLDER_OF_BUILD up.sh RUN_FOLDER        RUN_FOLDER keeps the kubeconfig, a log and a pid file for each process; down.sh RUN_FOLDER ends them
# Inside: ip netns exec meshwright env KUBECONFIG=RUN_FOLDER/kubeconfig kubectl get pods -A ; curl 127.0.0.1:80
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); bin=$(cd "$BIN" && pwd); ns=${NETNS:-meshwright}
if [ "${INSIDE:-}" != 1 ]; then
  export BIN=$bin
  ip netns list | grep -qw "$ns" || ip netns add "$ns"
  exec ip netns exec "$ns" env INSIDE=1 "$0" "$@"
fi
mkdir -p "$1"; cd "$1"; run=$PWD
ip link set lo up; for i in $(seq 9 250); do ip addr add 10.1.0.$i/32 dev lo 2>/dev/null || true; done   # addresses for workloads
# Each leaves its command, so that it can be started again after a test ended it.
start() { (name=$1; shift; printf '%q ' "$@" > "$name.command"; setsid "$@" > "$name.log" 2>&1 < /dev/null & echo $! > "$name.pid"); }
wait_for() { for _ in $(seq 90); do "${@:2}" > /dev/null 2>&1 && return; sleep 1; done; echo "$1 did not come up: see $run/$1.log" >&2; exit 1; }
[ -f sa.key ] || { openssl genrsa -out sa.key 2048; openssl rsa -in sa.key -pubout -out sa.pub; } 2> /dev/null
echo 'admin,admin,admin,system:masters' > tokens.csv

start etcd etcd --data-dir etcd --unsafe-no-fsync --listen-client-urls http://127.0.0.1:23790 --advertise-client-urls http://127.0.0.1:23790 \
  --listen-peer-urls http://127.0.0.1:23800 --initial-advertise-peer-urls http://127.0.0.1:23800 --initial-cluster default=http://127.0.0.1:23800
start kube-apiserver "$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:23790 --bind-address=127.0.0.1 --advertise-address=10.1.0.10 \
  --secure-port=16443 --cert-dir="$run/certs" --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=sa.pub \
  --service-account-signing-key-file=sa.key --token-auth-file=tokens.csv --authorization-mode=RBAC --service-cluster-ip-range=10.0.0.0/24 \
  --disable-admission-plugins=ServiceAccount --allow-privileged=true
cat > kubeconfig <<K
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:16443", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: admin}}]
contexts: [{name: lab, context: {cluster: lab, user: admin, namespace: default}}]
current-context: lab
K
export KUBECONFIG=$run/kubeconfig
wait_for kube-apiserver kubectl get --raw /readyz
for n in istio-system argocd; do kubectl get ns $n > /dev/null 2>&1 || kubectl create ns $n; done
kubectl apply --validate=false -f "$(cd "$here/istiod" && go list -m -f '{{.Dir}}' istio.io/api)/kubernetes/customresourcedefinitions.gen.yaml" > /dev/null
kubectl apply --server-side --validate=false -f "$(cd "$here/istiod" && go list -m -f '{{.Dir}}' sigs.k8s.io/gateway-api)/config/crd/standard" > /dev/null
crds=$(cd "$here/argocd" && go list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)/manifests/crds
for kind in application appproject applicationset; do kubectl get crd ${kind}s.argoproj.io > /dev/null 2>&1 || kubectl create --validate=false -f "$crds/$kind-crd.yaml"; done
kubectl apply --validate=false -f - > /dev/null <<'K'
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
data: {timeout.reconciliation: 5s, timeout.reconciliation.jitter: 0s}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-rbac-cm, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
---
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, namespace: argocd, labels: {app.kubernetes.io/part-of: argocd}}
stringData: {server.secretkey: lab, admin.password: lab}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default, namespace: argocd}
spec: {sourceRepos: ["*"], destinations: [{namespace: "*", server: "*"}], clusterResourceWhitelist: [{group: "*", kind: "*"}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: istio-ingressgateway, namespace: istio-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: istio-ingressgateway-sds, namespace: istio-system}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, watch, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: istio-ingressgateway-sds, namespace: istio-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: istio-ingressgateway-sds}
subjects: [{kind: ServiceAccount, name: istio-ingressgateway, namespace: istio-system}]
K

# istiod for Envoy as it is published: without the two filters that only Istio's own build of Envoy has, and without mTLS to upstreams.
printf 'defaultConfig: {discoveryAddress: "127.0.0.1:15010"}\nenableAutoMtls: false\n' > mesh.yaml
start istiod env XDS_AUTH_PLAINTEXT=true PILOT_ENABLE_METADATA_EXCHANGE=false PILOT_ENABLE_ALPN_FILTER=false POD_NAMESPACE=istio-system POD_NAME=istiod-0 \
  "$bin/istiod" discovery --kubeconfig "$KUBECONFIG" --meshConfig mesh.yaml --grpcAddr 127.0.0.1:15010 --httpAddr 127.0.0.1:18080 \
  --httpsAddr 127.0.0.1:15017 --secureGRPCAddr 127.0.0.1:15012 --monitoringAddr 127.0.0.1:15014 --ctrlz_port 0
start redis redis-server --port 16379 --save "" --bind 127.0.0.1
mkdir -p gnupg argo; chmod 700 gnupg
for c in repo-server application-controller applicationset-controller; do ln -sf "$bin/argocd" "argo/argocd-$c"; done
start argocd-repo-server env PATH="$bin:$PATH" ARGOCD_GNUPGHOME="$run/gnupg" ARGOCD_GPG_ENABLED=false argo/argocd-repo-server \
  --redis 127.0.0.1:16379 --revision-cache-expiration 2s --disable-tls --port 18081 --address 127.0.0.1 --metrics-port 18084 --metrics-address 127.0.0.1
start argocd-application-controller env ARGOCD_FAKE_IN_CLUSTER=true argo/argocd-application-controller --kubeconfig "$KUBECONFIG" -n argocd \
  --repo-server 127.0.0.1:18081 --repo-server-plaintext --redis 127.0.0.1:16379 --app-resync 10 --metrics-port 18082

wait_for istiod curl -sf 127.0.0.1:18080/ready
"$here/proxy.sh" "$run" envoy router 127.0.0.1 istio-system istio-ingressgateway '{istio: ingressgateway, app: istio-ingressgateway}' 15000
start workloads ${PYTHON:-python3} "$here/workloads.py"
echo "up: KUBECONFIG=$KUBECONFIG in network namespace $ns"
