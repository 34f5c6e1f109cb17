"""The way of the webhooks from Omise to the shop, on which they are lost."""

import contextlib
import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

SECRET = "Y2hhb3M="


class Post(ThreadingHTTPServer):
    """Takes Omise's webhooks to the shop, or does not, or twice, or later than others."""

    daemon_threads = True

    def __init__(self, shop_url, seed, counts):
        super().__init__(("127.0.0.1", 0), Carrier)
        self.target = f"{shop_url}/webhooks/omise"
        self.random = random.Random(seed)
        self.counts = counts
        self.is_honest = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Where Omise is to send its webhooks."""
        return f"http://127.0.0.1:{self.server_port}/"

    def close(self):
        """Carry no more."""
        self.shutdown()
        self.server_close()


class Carrier(BaseHTTPRequestHandler):
    """One webhook."""

    server: "Post"

    def do_POST(self):  # the name that http.server asks for
        """Do something to it, and answer what the shop answers."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fate = self.server.random.random()
        if self.server.is_honest or fate > 0.6:
            status = self._deliver("webhooks delivered", body)
        elif fate > 0.4:
            status = 204  # Omise thinks that it arrived
            self.server.counts.add("webhooks lost")
        elif fate > 0.2:
            self._deliver("webhooks delivered", body)
            status = self._deliver("webhooks doubled", body)
        else:
            time.sleep(fate * 10)  # those that come after it overtake it
            status = self._deliver("webhooks reordered", body)
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _deliver(self, how, body):
        self.server.counts.add(how)
        names = ("Content-Type", "Omise-Signature", "Omise-Signature-Timestamp")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        try:
            return requests.post(
                self.server.target, data=body, headers=headers, timeout=20
            ).status_code
        except requests.RequestException:
            return 502

    def log_message(self, *_):
        """Say nothing."""
