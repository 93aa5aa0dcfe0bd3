"""The Pod Security Standards: which fields of a pod keep it from being "baseline" or "restricted".

Source: Kubernetes docs, "Pod Security Standards", as the API server's own policy of version 1.36 decides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from meshwright.frontends.istio.objects import entries, section, text

Level = Literal["baseline", "restricted"]

_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_PROFILES = ("RuntimeDefault", "Localhost")
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)


@dataclass(frozen=True, slots=True)
class Violation:
    """What keeps a pod from a standard.

    Args:
        level: The mildest standard that forbids it.
        field: Path below the pod: ``spec.containers[0].securityContext``.
        said: What is there, in words.
    """

    level: Level
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class _Container:
    path: str
    name: str
    body: Mapping[str, Any]
    context: Mapping[str, Any]

    def forbids(self, level: Level, field: str, said: str) -> Violation:
        return Violation(level, f"{self.path}{field}", f"container {self.name!r} {said}")


def violations(pod: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what keeps a pod, or the template of pods, from being restricted.

    Args:
        pod: With ``metadata`` and ``spec``.
    """
    spec = section(pod.get("spec"))
    containers = [*_containers(spec)]
    for rule in _OF_PODS:
        yield from rule(pod, spec)
    for container in containers:
        for of_container in _OF_CONTAINERS:
            yield from of_container(container, spec)


def _containers(spec: Mapping[str, Any]) -> Iterator[_Container]:
    for field in _CONTAINERS:
        for position, body in enumerate(map(section, entries(spec.get(field)))):
            path = f"spec.{field}[{position}]"
            yield _Container(path, text(body.get("name")), body, section(body.get("securityContext")))


def _host_namespaces(pod: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    for field in _HOST_NAMESPACES:
        if spec.get(field) is True:
            yield Violation("baseline", f"spec.{field}", f"{field} is true")


def _volumes(pod: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    for position, volume in enumerate(map(section, entries(spec.get("volumes")))):
        kinds = [kind for kind, value in volume.items() if kind != "name" and value is not None]
        if not any(kind in _VOLUMES for kind in kinds) and kinds:
            level: Level = "baseline" if "hostPath" in kinds else "restricted"
            yield Violation(level, f"spec.volumes[{position}]", f"volume {text(volume.get('name'))!r} is a {kinds[0]}")


def _sysctls(pod: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    context = section(spec.get("securityContext"))
    for position, sysctl in enumerate(map(section, entries(context.get("sysctls")))):
        name = text(sysctl.get("name"))
        if name not in _SYSCTLS:
            yield Violation("baseline", f"spec.securityContext.sysctls[{position}]", f"it sets the sysctl {name}")


def _apparmor_annotations(pod: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    for key, value in section(section(pod.get("metadata")).get("annotations")).items():
        if not str(key).startswith(_APPARMOR) or value in ("", "runtime/default"):
            continue
        if not str(value).startswith("localhost/"):
            yield Violation("baseline", "metadata.annotations", f"its AppArmor profile is {value}")


def _pod_context(pod: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Violation]:
    context, path = section(spec.get("securityContext")), "spec.securityContext"
    for level, field, said in _of_context(context, spec):
        yield Violation(level, f"{path}.{field}", said)


def _of_context(context: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[tuple[Level, str, str]]:
    """Yield what is forbidden in a security context, of a pod or of a container, as level, field and words."""
    if section(context.get("windowsOptions")).get("hostProcess") is True:
        yield "baseline", "windowsOptions.hostProcess", "is a process of the host"
    seccomp = context.get("seccompProfile")
    if isinstance(seccomp, dict) and seccomp.get("type") not in _PROFILES:
        yield "baseline", "seccompProfile", f"has the seccomp profile {seccomp.get('type')}"
    apparmor = context.get("appArmorProfile")
    if isinstance(apparmor, dict) and apparmor.get("type") not in _PROFILES:
        yield "baseline", "appArmorProfile", f"has the AppArmor profile {apparmor.get('type')}"
    selinux = section(context.get("seLinuxOptions"))
    if text(selinux.get("type")) not in _SELINUX or selinux.get("user") or selinux.get("role"):
        yield "baseline", "seLinuxOptions", "chooses its SELinux label"
    if not _has_own_users(spec):
        if context.get("runAsUser") == 0:
            yield "restricted", "runAsUser", "runs as user 0"
        if context.get("runAsNonRoot") is False:
            yield "restricted", "runAsNonRoot", "may run as root"


def _container_context(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    for level, field, said in _of_context(container.context, spec):
        yield container.forbids(level, f".securityContext.{field}", said)


def _privileged(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    if container.context.get("privileged") is True:
        yield container.forbids("baseline", ".securityContext.privileged", "is privileged")
    mount = container.context.get("procMount")
    if mount not in (None, "Default"):
        level: Level = "restricted" if _has_own_users(spec) else "baseline"
        yield container.forbids(level, ".securityContext.procMount", f"mounts /proc {mount}")


def _capabilities(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    capabilities = section(container.context.get("capabilities"))
    for name in entries(capabilities.get("add")):
        level: Level = "restricted" if name in _CAPABILITIES else "baseline"
        if level == "baseline" or (name != "NET_BIND_SERVICE" and not _is_windows(spec)):
            yield container.forbids(level, ".securityContext.capabilities.add", f"adds the capability {name}")
    if "ALL" not in entries(capabilities.get("drop")) and not _is_windows(spec):
        yield container.forbids("restricted", ".securityContext.capabilities", "keeps capabilities")


def _escalation(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    if container.context.get("allowPrivilegeEscalation") is not False and not _is_windows(spec):
        yield container.forbids(
            "restricted", ".securityContext.allowPrivilegeEscalation", "does not forbid privilege escalation"
        )


def _not_said(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    """Tell what has to be said, and neither the pod nor the container says."""
    pod = section(spec.get("securityContext"))
    if container.context.get("runAsNonRoot") is None and pod.get("runAsNonRoot") is None and not _has_own_users(spec):
        yield container.forbids("restricted", ".securityContext", "is not bound to run as another user than root")
    if container.context.get("seccompProfile") is None and pod.get("seccompProfile") is None and not _is_windows(spec):
        yield container.forbids("restricted", ".securityContext", "has no seccomp profile")


def _host_ports(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    for position, port in enumerate(map(section, entries(container.body.get("ports")))):
        if port.get("hostPort"):
            yield container.forbids(
                "baseline", f".ports[{position}].hostPort", f"takes port {port['hostPort']} of the host"
            )


def _hosts_of_probes(container: _Container, spec: Mapping[str, Any]) -> Iterator[Violation]:
    lifecycle = section(container.body.get("lifecycle"))
    handlers = {field: section(container.body.get(field)) for field in _PROBES}
    handlers |= {f"lifecycle.{field}": section(lifecycle.get(field)) for field in ("postStart", "preStop")}
    for field, handler in handlers.items():
        for kind in ("httpGet", "tcpSocket"):
            host = section(handler.get(kind)).get("host")
            if host:
                yield container.forbids("baseline", f".{field}.{kind}.host", f"has the kubelet call {host}")


def _is_windows(spec: Mapping[str, Any]) -> bool:
    return section(spec.get("os")).get("name") == "windows"


def _has_own_users(spec: Mapping[str, Any]) -> bool:
    """Tell whether root in the pod is nobody on the node."""
    return spec.get("hostUsers") is False


_OF_PODS: tuple[Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[Violation]], ...] = (
    _host_namespaces,
    _volumes,
    _sysctls,
    _apparmor_annotations,
    _pod_context,
)
_OF_CONTAINERS: tuple[Callable[[_Container, Mapping[str, Any]], Iterator[Violation]], ...] = (
    _privileged,
    _container_context,
    _capabilities,
    _escalation,
    _not_said,
    _host_ports,
    _hosts_of_probes,
)
