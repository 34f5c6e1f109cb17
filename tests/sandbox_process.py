"""The sandbox as tests use it: one process, and a world of its own for each test."""

import subprocess
import sys
import time
from dataclasses import dataclass

import requests


def start(*options):
    """A sandbox on a free port: its process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert line.startswith("sandbox: http"), f"the sandbox did not start: {line!r}"
    return process, line.split()[1]


def stop(process):
    """End a sandbox and wait for it."""
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@dataclass
class World:
    """A world of the sandbox: its keys, and its controls as verbs."""

    url: str
    public_key: str
    secret_key: str

    @classmethod
    def new(cls, url, **settings):
        """A fresh world, set up as told."""
        keys = requests.post(f"{url}/_sandbox/worlds", timeout=5).json()
        world = cls(url, keys["public_key"], keys["secret_key"])
        if settings:
            world.control("POST", "settings", settings)
        return world

    def control(self, method, path, body=None):
        """What a control call answers."""
        answer = requests.request(
            method, f"{self.url}/_sandbox/{path}", json=body, auth=(self.secret_key, ""), timeout=5
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def api(self, method, path, body=None, **params):
        """What the API answers, whatever its status."""
        answer = requests.request(
            method,
            f"{self.url}{path}",
            json=body,
            params=params,
            auth=(self.secret_key, ""),
            timeout=5,
        )
        return answer.json()

    def token(self, number="4242424242424242", **card):
        """The id of a new token, as the browser would get it."""
        fields = {
            "name": "SOMCHAI PRASERT",
            "number": number,
            "expiration_month": 12,
            "expiration_year": 2040,
            "security_code": "123",
        }
        answer = requests.post(
            f"{self.url}/tokens",
            json={"card": fields | card},
            auth=(self.public_key, ""),
            timeout=5,
        )
        assert answer.ok, answer.text
        return answer.json()["id"]

    def charges(self):
        """All charges, oldest first."""
        return self.api("GET", "/charges", limit=100)["data"]

    def customers(self):
        """All customers, oldest first."""
        return self.api("GET", "/customers", limit=100)["data"]

    def fails(self, method, path, do, **more):
        """Let the next such call fail in that way."""
        self.control("POST", "faults", {"method": method, "path": path, "do": do, **more})

    def waits_for_the_fault(self, seconds=10):
        """Come back when every armed fault has begun to do its worst."""
        deadline = time.monotonic() + seconds
        while not all(fault["fired"] for fault in self.control("GET", "faults")["data"]):
            assert time.monotonic() < deadline, "armed, but never fired"

    def advance(self, seconds):
        """Let time pass."""
        self.control("POST", "clock", {"advance": seconds})

    def at_the_bank(self, authorize_uri, choice):
        """What the shopper does at the bank; gives the address that they are sent back to."""
        answer = requests.post(
            authorize_uri, data={"outcome": choice}, allow_redirects=False, timeout=5
        )
        return answer.headers["Location"]
