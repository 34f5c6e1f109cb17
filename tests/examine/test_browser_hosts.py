"""The browser of an examination reaches the hosts of the recipe, and no other."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from omise_sandbox.testing import environment
from tests.examine.command import browser_program

#: In a process of its own, because each runs one Playwright.
OPEN = """
import sys
from omise_sandbox.examine.browser import browser_for

program, url, *named = sys.argv[1:]
with browser_for(named, program or None) as browser:
    browser.new_page().goto(url)
"""


@pytest.fixture
def other_host():
    """A server at another address of this machine, and the paths that it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.2", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.2:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 needs to be set up elsewhere")
@pytest.mark.parametrize("is_named", [False, True])
def test_only_named_hosts_are_reached(other_host, is_named):
    url, asked = other_host
    named = [url] if is_named else ["http://127.0.0.1:5000"]

    subprocess.run(
        [sys.executable, "-c", OPEN, browser_program() or "", f"{url}/page", *named],
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert ("/page" in asked) is is_named
