"""Connections on which a whole response, not each byte of it, arrives within the timeout."""

import http.client
from io import BufferedReader, RawIOBase
from math import inf
from socket import socket
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError


class _BoundedReader(RawIOBase):
    """Reads from a socket until the timeout that the socket has now is over."""

    def __init__(self, raw: Any, sock: socket) -> None:  # noqa: ANN401  # a private class of socket
        super().__init__()
        self._raw, self._sock = raw, sock
        timeout = sock.gettimeout()
        self._ends_at = inf if timeout is None else monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401  # any writable buffer
        if self._ends_at < inf:
            left = self._ends_at - monotonic()
            if left <= 0:
                raise TimeoutError("the response took too long")
            self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp = BufferedReader(_BoundedReader(self.fp.detach(), sock))


class _Bounded(HTTPConnection):
    """Sends nothing over a connection that took longer to make than its timeout.

    Name resolution has no timeout, and each of several addresses has one of its own.
    """

    response_class = _BoundedResponse

    def connect(self) -> None:
        began = monotonic()
        super().connect()
        timeout = self.timeout
        if isinstance(timeout, (int, float)) and monotonic() - began > timeout:
            self.close()
            raise ConnectTimeoutError(self, "connected too late")


class _BoundedTLS(_Bounded, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTLS


_POOLS = {"http": _Pool, "https": _TLSPool}


class BoundedAdapter(HTTPAdapter):
    """An adapter whose connections are of this module, with and without a proxy."""

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **options: object,
    ) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: object) -> PoolManager:
        """The pools of connections through a proxy."""
        manager: PoolManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager
