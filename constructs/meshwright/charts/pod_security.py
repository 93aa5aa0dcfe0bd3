"""What the containers of an app may do beside answering requests."""

from __future__ import annotations

from meshwright.charts.lists import as_given, check_lists
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import whole
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.charts.problem import Part
    from meshwright.imports.kubernetes.core import PodSecurityContext, SecurityContext, Volume, VolumeMount

IGNORE = "meshwright.dev/ignore"
"""The annotation by which ``meshwright check`` knows that a finding is meant."""

_CODE = "MW911"


@tells_misfits
class PodSecurity(Written):
    """The Pod Security Standard "restricted", and what a container needs beyond it.

    What goes beyond the standard is given as the reason why: the reason is written beside the pods, where reviewers
    read it and ``meshwright check`` takes it for the answer to MW911.

    Args:
        user: User id that the containers run as; the image's own when left out, which has to be a number but 0.
        group: Group id of volumes, so that the user can write to them.
        writable: Folders that the containers write to. Each becomes an empty folder of the pod's own; all else is read
            only then. When left out, they may write wherever the image lets them.
        as_root: Why they run as root.
        privilege_escalation: Why a process of theirs may gain more rights than its parent.
        capabilities: Why each capability stays: ``{"NET_BIND_SERVICE": "listens on port 80"}``.
        no_seccomp: Why any system call is allowed.

    Source: Kubernetes docs, "Pod Security Standards", Restricted.
    """

    __slots__ = ("as_root", "capabilities", "group", "no_seccomp", "privilege_escalation", "user", "writable")

    def __init__(
        self,
        *,
        user: int | None = None,
        group: int | None = None,
        writable: Sequence[str] | None = None,
        as_root: str | None = None,
        privilege_escalation: str | None = None,
        capabilities: Mapping[str, str] | None = None,
        no_seccomp: str | None = None,
    ) -> None:
        super().__init__()
        self.user = user
        self.group = group
        self.writable = None if writable is None else as_given(writable)
        self.as_root = as_root
        self.privilege_escalation = privilege_escalation
        self.capabilities = dict(capabilities or {})
        self.no_seccomp = no_seccomp

    def check(self, part: Part) -> None:
        """Tell what is wrong with it."""
        if self.writable is not None:
            check_lists(self, part, "writable")
        whole(self.user, "user", part)
        whole(self.group, "group", part)
        if self.user == 0 and self.as_root is None:
            part.problem("user is 0, which is root", 'Give another, or say why: as_root="…"')
        for folder in self.writable or ():
            if not isinstance(folder, str) or not folder.startswith("/") or folder == "/" or ".." in folder.split("/"):
                part.problem(f"writable has {folder!r}, which is no folder", "Give its whole path, such as /tmp")
        for said, reason in self._reasons():
            if not isinstance(reason, str) or not reason.strip():
                part.problem(f"there is no reason why it {said}", "Say why in a sentence, or leave it out")
        for name in self.capabilities:
            if name != name.upper() or name.startswith("CAP_") or not name.replace("_", "").isalpha():
                part.problem(f"capabilities has {name!r}", "Name it as Kubernetes does: NET_BIND_SERVICE")

    def _reasons(self) -> list[tuple[str, str]]:
        """Return what goes beyond the standard, and why."""
        found = [
            ("runs as root", self.as_root),
            ("may gain rights", self.privilege_escalation),
            *((f"keeps {name}", reason) for name, reason in self.capabilities.items()),
            ("may use any system call", self.no_seccomp),
        ]
        return [(said, reason) for said, reason in found if reason is not None]

    @property
    def annotations(self) -> dict[str, str]:
        """The annotation of whoever makes the pods, empty within the standard."""
        beyond = [each for each in self._reasons() if each[0] != "keeps NET_BIND_SERVICE"]
        said = ", ".join(f"{said}: {' '.join(str(reason).split()).replace(';', ',')}" for said, reason in beyond)
        return {IGNORE: f"{_CODE} {said}"} if said else {}

    def of_pod(self) -> PodSecurityContext:
        """Return the level-1 message of the pod."""
        from meshwright.imports.kubernetes.core import PodSecurityContext, SeccompProfile

        return PodSecurityContext(
            run_as_non_root=self.as_root is None,
            run_as_user=self.user,
            fs_group=self.group,
            seccomp_profile=SeccompProfile(type="RuntimeDefault" if self.no_seccomp is None else "Unconfined"),
        )

    def of_container(self) -> SecurityContext:
        """Return the level-1 message of a container."""
        from meshwright.imports.kubernetes.core import Capabilities, SecurityContext

        return SecurityContext(
            allow_privilege_escalation=self.privilege_escalation is not None,
            capabilities=Capabilities(drop=["ALL"], add=[*self.capabilities] or None),
            read_only_root_filesystem=None if self.writable is None else True,
        )

    def volumes(self) -> list[Volume]:
        """Return the level-1 messages of the folders that are written to."""
        from meshwright.imports.kubernetes.core import EmptyDirVolumeSource, Volume

        return [Volume(name=_volume(folder), empty_dir=EmptyDirVolumeSource()) for folder in self.writable or ()]

    def mounts(self) -> list[VolumeMount]:
        """Return the level-1 messages of where they are."""
        from meshwright.imports.kubernetes.core import VolumeMount

        return [VolumeMount(name=_volume(folder), mount_path=folder) for folder in self.writable or ()]


def _volume(folder: str) -> str:
    """The name of the volume of a folder, a DNS label."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in str(folder).lower()).strip("-")
    return plain[:63].rstrip("-") or "folder"
