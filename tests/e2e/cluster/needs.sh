#!/usr/bin/env bash
# needs.sh: says everything that the cluster needs and this machine lacks, and fails if that is anything.
lacks() { echo "e2e: $1" >&2; status=1; }
need() { command -v "$1" > /dev/null || lacks "the program $1 is missing. Install $2."; }
status=0
[ "$(id -u)" = 0 ] || lacks "only root may make a network namespace. Run it with sudo."
need go "Go 1.26 or newer"
need etcd "the package etcd-server"
need redis-server "the package redis-server"
need kubectl "kubectl (the package kubernetes-client)"
need ip "the package iproute2"
need openssl "the package openssl"
need curl "the package curl"
need git "the package git"
exit $status
