"""What main.py is written with: one idea of the field a file, wired by reference instead of by string.

Constructs here only use those of ``meshwright.imports``, so that everything they make can be reached and overridden.
They know no Envoy and no command line.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.access_policy import Access as Access
    from meshwright.charts.access_policy import AccessPolicy as AccessPolicy
    from meshwright.charts.access_policy import Identity as Identity
    from meshwright.charts.argo_application import ArgoApplication as ArgoApplication
    from meshwright.charts.argo_application_set import ArgoApplicationSet as ArgoApplicationSet
    from meshwright.charts.argo_project import ArgoProject as ArgoProject
    from meshwright.charts.argo_project import SyncWindow as SyncWindow
    from meshwright.charts.argo_root import ArgoRoot as ArgoRoot
    from meshwright.charts.argo_sync import ArgoSync as ArgoSync
    from meshwright.charts.argo_sync import IgnoreDifference as IgnoreDifference
    from meshwright.charts.backend import Backend as Backend
    from meshwright.charts.blue_green import BlueGreen as BlueGreen
    from meshwright.charts.canary import Canary as Canary
    from meshwright.charts.canary import Step as Step
    from meshwright.charts.client_tls import ClientTls as ClientTls
    from meshwright.charts.connection_pool import ConnectionPool as ConnectionPool
    from meshwright.charts.connection_pool import TcpKeepalive as TcpKeepalive
    from meshwright.charts.cors import Cors as Cors
    from meshwright.charts.delegate import DelegateRoutes as DelegateRoutes
    from meshwright.charts.egress import EgressGateway as EgressGateway
    from meshwright.charts.environment import Environment as Environment
    from meshwright.charts.environment_variables import FromConfigMap as FromConfigMap
    from meshwright.charts.environment_variables import FromSecret as FromSecret
    from meshwright.charts.external_secret import ExternalSecret as ExternalSecret
    from meshwright.charts.external_secret import RemoteValue as RemoteValue
    from meshwright.charts.external_secret import StoreNamed as StoreNamed
    from meshwright.charts.external_service import ExternalPort as ExternalPort
    from meshwright.charts.external_service import ExternalService as ExternalService
    from meshwright.charts.fault import Abort as Abort
    from meshwright.charts.fault import Delay as Delay
    from meshwright.charts.fault import Fault as Fault
    from meshwright.charts.flagger_app import FlaggerApp as FlaggerApp
    from meshwright.charts.fleet import Fleet as Fleet
    from meshwright.charts.gateway_api import GatewayApiGateway as GatewayApiGateway
    from meshwright.charts.headers import HeaderChanges as HeaderChanges
    from meshwright.charts.helm_chart import HelmChart as HelmChart
    from meshwright.charts.http_app import HttpApp as HttpApp
    from meshwright.charts.http_routes import HttpRoutes as HttpRoutes
    from meshwright.charts.ingress_gateway import IngressGateway as IngressGateway
    from meshwright.charts.kustomization import Kustomization as Kustomization
    from meshwright.charts.load_balancer import ConsistentHash as ConsistentHash
    from meshwright.charts.load_balancer import HashCookie as HashCookie
    from meshwright.charts.load_balancer import LoadBalancer as LoadBalancer
    from meshwright.charts.load_balancer import Locality as Locality
    from meshwright.charts.load_balancer import Warmup as Warmup
    from meshwright.charts.match import Match as Match
    from meshwright.charts.mirror import Mirror as Mirror
    from meshwright.charts.mutual_tls import MutualTls as MutualTls
    from meshwright.charts.network_access import CallerPods as CallerPods
    from meshwright.charts.network_access import NetworkAccess as NetworkAccess
    from meshwright.charts.outlier_detection import OutlierDetection as OutlierDetection
    from meshwright.charts.pod_security import PodSecurity as PodSecurity
    from meshwright.charts.probe import Probe as Probe
    from meshwright.charts.redirect import DirectResponse as DirectResponse
    from meshwright.charts.redirect import Redirect as Redirect
    from meshwright.charts.request_authentication import JwtRule as JwtRule
    from meshwright.charts.request_authentication import RequestAuthentication as RequestAuthentication
    from meshwright.charts.resources import Resources as Resources
    from meshwright.charts.retries import Retries as Retries
    from meshwright.charts.rewrite import Rewrite as Rewrite
    from meshwright.charts.rollout_app import RolloutApp as RolloutApp
    from meshwright.charts.rollout_step import RolloutStep as RolloutStep
    from meshwright.charts.route import Route as Route
    from meshwright.charts.scaling import Autoscaling as Autoscaling
    from meshwright.charts.scaling import DisruptionBudget as DisruptionBudget
    from meshwright.charts.sealed_secret import SealedSecret as SealedSecret
    from meshwright.charts.server import Server as Server
    from meshwright.charts.server import ServerTls as ServerTls
    from meshwright.charts.sidecar import Sidecar as Sidecar
    from meshwright.charts.subsets import Subset as Subset
    from meshwright.charts.subsets import Subsets as Subsets
    from meshwright.charts.tcp_routes import TcpRoute as TcpRoute
    from meshwright.charts.tcp_routes import TcpRoutes as TcpRoutes
    from meshwright.charts.tls_routes import TlsRoute as TlsRoute
    from meshwright.charts.tls_routes import TlsRoutes as TlsRoutes
    from meshwright.charts.traffic_policy import RetryBudget as RetryBudget
    from meshwright.charts.traffic_policy import TrafficPolicy as TrafficPolicy
    from meshwright.charts.version import Version as Version
    from meshwright.charts.versions import Versions as Versions

# Loaded when first asked for: what a program never names costs it nothing.
_HOMES = {
    "Abort": "fault",
    "Access": "access_policy",
    "AccessPolicy": "access_policy",
    "ArgoApplication": "argo_application",
    "ArgoApplicationSet": "argo_application_set",
    "ArgoProject": "argo_project",
    "ArgoRoot": "argo_root",
    "ArgoSync": "argo_sync",
    "Autoscaling": "scaling",
    "Backend": "backend",
    "BlueGreen": "blue_green",
    "CallerPods": "network_access",
    "Canary": "canary",
    "ClientTls": "client_tls",
    "ConnectionPool": "connection_pool",
    "ConsistentHash": "load_balancer",
    "Cors": "cors",
    "Delay": "fault",
    "DelegateRoutes": "delegate",
    "DirectResponse": "redirect",
    "DisruptionBudget": "scaling",
    "EgressGateway": "egress",
    "Environment": "environment",
    "ExternalPort": "external_service",
    "ExternalSecret": "external_secret",
    "ExternalService": "external_service",
    "Fault": "fault",
    "FlaggerApp": "flagger_app",
    "Fleet": "fleet",
    "FromConfigMap": "environment_variables",
    "FromSecret": "environment_variables",
    "GatewayApiGateway": "gateway_api",
    "HashCookie": "load_balancer",
    "HeaderChanges": "headers",
    "HelmChart": "helm_chart",
    "HttpApp": "http_app",
    "HttpRoutes": "http_routes",
    "Identity": "access_policy",
    "IgnoreDifference": "argo_sync",
    "IngressGateway": "ingress_gateway",
    "JwtRule": "request_authentication",
    "Kustomization": "kustomization",
    "LoadBalancer": "load_balancer",
    "Locality": "load_balancer",
    "Match": "match",
    "Mirror": "mirror",
    "MutualTls": "mutual_tls",
    "NetworkAccess": "network_access",
    "OutlierDetection": "outlier_detection",
    "PodSecurity": "pod_security",
    "Probe": "probe",
    "Redirect": "redirect",
    "RemoteValue": "external_secret",
    "RequestAuthentication": "request_authentication",
    "Resources": "resources",
    "Retries": "retries",
    "RetryBudget": "traffic_policy",
    "Rewrite": "rewrite",
    "RolloutApp": "rollout_app",
    "RolloutStep": "rollout_step",
    "Route": "route",
    "SealedSecret": "sealed_secret",
    "Server": "server",
    "ServerTls": "server",
    "Sidecar": "sidecar",
    "Step": "canary",
    "StoreNamed": "external_secret",
    "Subset": "subsets",
    "Subsets": "subsets",
    "SyncWindow": "argo_project",
    "TcpKeepalive": "connection_pool",
    "TcpRoute": "tcp_routes",
    "TcpRoutes": "tcp_routes",
    "TlsRoute": "tls_routes",
    "TlsRoutes": "tls_routes",
    "TrafficPolicy": "traffic_policy",
    "Version": "version",
    "Versions": "versions",
    "Warmup": "load_balancer",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{home}", fromlist=[name])
    value = globals()[name] = getattr(module, name)
    return value
