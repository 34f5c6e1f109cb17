"""The browser of an examination reaches the hosts of the recipe, and no other."""

import json
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
#: Prints the addresses of all pages, and the switches that turn features off, in their order.
TELL = """
import json
import sys
import psutil
from omise_sandbox.examine.browser import browser_for

with browser_for(["http://127.0.0.1:5000"], sys.argv[1] or None) as browser:
    browser.new_page().set_content("<p>ready</p>")
    session = browser.new_browser_cdp_session()
    pages = session.send("Target.getTargets", {"filter": [{}]})["targetInfos"]
    processes = psutil.Process().children(recursive=True)
    given = ([word for word in one.cmdline() if "disable-features=" in word] for one in processes)
    print(json.dumps([[page["url"] for page in pages], next(filter(None, given))]))
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


def run(script, *words):
    """Run a script, which is given the browser and these words: the process that ended."""
    return subprocess.run(
        [sys.executable, "-c", script, browser_program() or "", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 needs to be set up elsewhere")
@pytest.mark.parametrize("is_named", [False, True])
def test_only_named_hosts_are_reached(other_host, is_named):
    url, asked = other_host
    named = [url] if is_named else ["http://127.0.0.1:5000"]

    run(OPEN, f"{url}/page", *named)

    assert ("/page" in asked) is is_named


def test_browser_makes_no_page_of_its_own():
    done = run(TELL)
    pages, switches = json.loads(done.stdout or "[]") or pytest.fail(done.stderr)

    assert [url for url in pages if url.startswith("chrome:")] == []
    assert all(switches[-1].startswith(switch) for switch in switches)
