"""The load: sends prepared requests over connections that stay open, and says how long it took.

`python -m bench.load PORT CONNECTIONS < requests`, where each line is one request in JSON. It is a
process of its own with one thread, and does next to nothing, so that what is measured is the other
side.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
LENGTH = re.compile(rb"(?i)content-length: (\d+)")


class Connection:
    """One connection: sends the next request when the answer to the last has come."""

    def __init__(self, port, requests, statuses):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.statuses = statuses
        self.answer = b""

    def send_next(self):
        """Send another request; false when there are no more."""
        request = next(self.requests, None)
        if request is not None:
            self.socket.sendall(request)
        return request is not None

    def receive(self):
        """Take in what came; false when that was all."""
        if not (more := self.socket.recv(1 << 18)):
            raise ConnectionError("the connection was closed")
        self.answer += more
        if not self._is_whole():
            return True
        self.statuses.append(int(self.answer[9:12]))
        self.answer = b""
        return self.send_next()

    def _is_whole(self):
        head = self.answer.find(b"\r\n\r\n")
        if head < 0:
            return False
        return len(self.answer) >= head + 4 + int(LENGTH.search(self.answer, 0, head + 2)[1])


def send_all(port, connections, requests):
    """Send them all: the seconds that it took, and the statuses of the answers."""
    statuses, waiting = [], iter(requests)
    with selectors.DefaultSelector() as selector:
        everyone = [Connection(port, waiting, statuses) for _ in range(connections)]
        started = time.perf_counter()
        for connection in everyone:
            if connection.send_next():
                selector.register(connection.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _ in selector.select():
                if not key.data.receive():
                    selector.unregister(key.fileobj)
        seconds = time.perf_counter() - started
        for connection in everyone:
            connection.socket.close()
    return seconds, statuses


def send(port, connections, requests):
    """Send prepared requests from a process of its own: the answers a second.

    Raises:
        RuntimeError: when one was answered with anything but 200.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), str(connections)],
        cwd=ROOT,
        input="\n".join(map(json.dumps, requests)),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    if told["statuses"] != [200] * len(requests):
        raise RuntimeError(f"answered with {sorted(set(told['statuses']))}")
    return len(requests) / told["seconds"]


def main():
    """Send what stands on standard input, and print the seconds and the statuses."""
    port, connections = int(sys.argv[1]), int(sys.argv[2])
    requests = [json.loads(line).encode("latin-1") for line in sys.stdin]
    seconds, statuses = send_all(port, connections, requests)
    print(json.dumps({"seconds": seconds, "statuses": statuses}))


if __name__ == "__main__":
    main()
