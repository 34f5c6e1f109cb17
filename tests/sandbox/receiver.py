"""A merchant's server that receives webhooks, with its own check of signatures."""

import base64
import hashlib
import hmac
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64encode(b"first secret of the merchant").decode()


class Receiver:
    """A merchant's server that receives webhooks."""

    def __init__(self, tls=None):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                # Before the answer: once the sandbox has it, a test may count what has come.
                receiver.taken.put((dict(self.headers), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self.taken = queue.Queue()
        self.statuses = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def next(self):
        """Headers and body of the next webhook."""
        return self.taken.get(timeout=5)

    def close(self):
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


def is_signed(headers, body, secret):
    """Verify as documented: HMAC-SHA256 of `<timestamp>.<body>`; any signature may match."""
    text = headers["Omise-Signature-Timestamp"].encode("ascii") + b"." + body
    wanted = hmac.new(base64.b64decode(secret), text, hashlib.sha256).hexdigest()
    return any(
        hmac.compare_digest(wanted, given.strip())
        for given in headers["Omise-Signature"].split(",")
    )
