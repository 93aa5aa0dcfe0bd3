"""MW605: a port without a protocol for a protocol in which the server speaks first."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.protocols import UNSUPPORTED
from meshwright.traffic import Origin

_NUMBERS = {21: "FTP", 22: "SSH", 110: "POP3", 143: "IMAP", 587: "SMTP", 2525: "SMTP", 3307: "MySQL", 33060: "MySQL"}
_NAMES = {
    "ftp": "FTP",
    "imap": "IMAP",
    "mariadb": "MySQL",
    "mysqld": "MySQL",
    "mysqlx": "MySQL",
    "pop3": "POP3",
    "sftp": "SSH",
    "smtp": "SMTP",
    "ssh": "SSH",
    "submission": "SMTP",
    "vnc": "VNC",
}


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.mesh.registry.services:
        for position, port in enumerate(service.ports) if service.resolution != "alias" else ():
            if port.protocol != UNSUPPORTED:
                continue
            spoken = _NAMES.get(port.name.lower().partition("-")[0]) or _NUMBERS.get(port.number)
            if spoken:
                wrong = f"in {spoken} the server speaks first, and no protocol is declared for port {port.number}"
                name = "tcp-" + (port.name.lower() or spoken.lower())
                remedy = f'Name it "{name}": the proxy else waits for the client, which waits, too.'
                origin = Origin(service.origin.resource, f"spec.ports[{position}]", service.origin.place)
                yield Problem(origin, wrong, remedy)


CHECK = Check(
    "MW605",
    "server-first",
    "warning",
    "A port where the server speaks first, and the proxy waits for the client.",
    _find,
)
