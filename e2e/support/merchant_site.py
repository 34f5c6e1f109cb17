"""Another merchant's site: plain pages, and the forms that were posted to it."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class MerchantSite:
    """The site: `pages` are what it serves, `forms` what was posted to it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}
        self.forms: queue.Queue[dict[str, object]] = queue.Queue()

    def add_page(self, body: str, path: str = "/") -> str:
        """Add a page: its address."""
        self.pages[path] = f"<!doctype html><html lang=en><title>Merchant</title><body>{body}"
        return self.url + path


def read(body: str, kind: str) -> dict[str, object]:
    """The fields of a form, or of JSON."""
    if kind == "application/json":
        return json.loads(body)
    return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}


@contextmanager
def running_merchant_site() -> Iterator[MerchantSite]:
    """The site, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server asks for
            self.send(site.pages.get(self.path, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.forms.put(read(body, self.headers["Content-Type"]))
            self.send("<!doctype html><title>Thanks</title><h1>Thank you</h1>")

        def send(self, page: str) -> None:
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page.encode())))
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = MerchantSite(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()
