"""The load: sends prepared requests over connections that stay open, and says how long it took.

`python -m bench.load PORT CONNECTIONS < requests`, where each line is one request in JSON. It is a
process of its own, and does next to nothing, so that what is measured is the shop.
"""

import json
import re
import socket
import sys
import threading
import time


def send_all(port, requests, statuses):
    """Send one after the other over one connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            connection.sendall(request)
            statuses.append(read_status(connection))


def read_status(connection):
    """The status of an answer, read to its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            raise ConnectionError("the connection was closed")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12])


def main():
    """Send them all, and print the seconds and the statuses."""
    port, connections = int(sys.argv[1]), int(sys.argv[2])
    requests = [json.loads(line).encode("latin-1") for line in sys.stdin]
    statuses = []
    threads = [
        threading.Thread(target=send_all, args=(port, requests[n::connections], statuses))
        for n in range(connections)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seconds": time.perf_counter() - started, "statuses": statuses}))


if __name__ == "__main__":
    main()
