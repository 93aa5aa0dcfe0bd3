#!/usr/bin/env bash
# build.sh FOLDER: builds the real control plane from its Go modules: kube-apiserver, istiod, istioctl, argocd. Needs Go 1.26;
# 10 to 25 minutes on two cores the first time, seconds after that. etcd and redis come from the system's packages.
set -euo pipefail
mkdir -p "$1"; bin=$(cd "$1" && pwd); cd "$(dirname "$0")"
build() { (cd "$1" && echo "building $2" && go build -o "$bin/$2" "$3"); }
build kube-apiserver kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
build istiod istiod istio.io/istio/pilot/cmd/pilot-discovery
build istiod istioctl istio.io/istio/istioctl/cmd/istioctl
build argocd argocd github.com/argoproj/argo-cd/v3/cmd
