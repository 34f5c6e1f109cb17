"""What lasts for a while: Omise that hangs, a frozen database, clients that send slowly."""

import contextlib
import socket
import threading
import time

#: Seconds; longer than the shop waits for anything.
FOREVER = 300

#: Seconds between two bytes of a slow client.
DRIP = 1


class Storms(threading.Thread):
    """One storm after the other while shoppers pay.

    Args:
        shop: under the storms.
        server: its PostgreSQL; None when it has none.
        counts: of what happened.
        plan: how long they last.
    """

    def __init__(self, shop, server, counts, plan):
        super().__init__(daemon=True)
        self.shop = shop
        self.server = server
        self.counts = counts
        self.plan = plan
        self.is_over = threading.Event()

    def run(self):
        """Let each storm come once, with a pause before it; slow clients stay all the time."""
        with slow_clients(self.shop, self.plan.slow_clients, self.is_over):
            for storm in (self._hang, self._freeze):
                if not self.is_over.wait(self.plan.calm):
                    storm()
            self.is_over.wait()
        self.counts.add("slow clients", self.plan.slow_clients)

    def stop(self):
        """Wait until the storm that blows is over; let no other come."""
        self.is_over.set()
        self.join()

    def _hang(self):
        """Let every GET of Omise hang."""
        hangs = {"do": "delay", "seconds": FOREVER, "lasts": self.plan.hang, "times": None}
        self.shop.world.control("POST", "faults", {"method": "GET", "path": "/*", **hangs})
        time.sleep(self.plan.hang)  # the fault ends by itself
        self.counts.add("seconds in which Omise's GETs hung", self.plan.hang)

    def _freeze(self):
        """Freeze all processes of PostgreSQL."""
        if self.server:
            with self.server.frozen():
                time.sleep(self.plan.freeze)  # for as long as planned
            self.counts.add("seconds in which PostgreSQL was frozen", self.plan.freeze)


@contextlib.contextmanager
def slow_clients(shop, count, is_over):
    """So many clients that send a body byte by byte, and begin again when they are cut off."""
    threads = [threading.Thread(target=drip, args=[shop.port, is_over]) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def drip(port, is_over):
    """Send the body of a POST, one byte after the other."""
    head = f"POST /cart HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 60000\r\n\r\n"
    while not is_over.wait(DRIP):
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(head.encode())
            while not is_over.wait(DRIP):
                connection.sendall(b"a")
