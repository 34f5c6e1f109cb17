"""The host names that requests may use, against DNS rebinding.

A page of evil.example can resolve its own name to 127.0.0.1, and then reads and changes a local
server as its own origin. It cannot choose an IP address or a name of this machine as its own.
"""

from collections.abc import Iterable
from ipaddress import ip_address

from omise_sandbox.rules.errors import ApiError

#: Names of this machine, and hosts of Omise that a test may resolve to it.
KNOWN = {
    "localhost",
    "host.docker.internal",
    "api.omise.co",
    "cdn.omise.co",
    "cdn2.omise.co",
    "pay.omise.co",
    "vault.omise.co",
}
MAX_REMEMBERED = 1000


class Hosts:
    """Checks the Host header of requests."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """`allowed` are further names, without a port."""
        self._names = KNOWN | {name.lower() for name in allowed}
        self._accepted: set[str | None] = {None}

    def check(self, host: str | None) -> None:
        """Raises 403 `not_authorized` for a foreign name."""
        if host in self._accepted:
            return
        name = _name(host or "")
        if not (name in self._names or name.endswith(".localhost") or _is_address(name)):
            message = f"host {name} is not allowed; to allow it, start with --allowed-host {name}"
            raise ApiError("not_authorized", message)
        if len(self._accepted) < MAX_REMEMBERED:
            self._accepted.add(host)


def _name(host: str) -> str:
    """The host without its port, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
