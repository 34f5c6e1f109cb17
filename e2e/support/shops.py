"""Shops under gunicorn, each with a database and an account at Omise of its own."""

import os
import re
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from itsdangerous import Signer

from e2e.support.sandbox import WEBHOOK_SECRET, Sandbox, World
from e2e.support.servers import ROOT, free_port, start, stop

#: How many shops run side by side. The usual one stays; the others are used one after the other.
MAX_RUNNING = 3

#: A moment before all keys that are valid, in seconds.
LONG_AGO = 1_700_000_000

STAFF_EMAIL, STAFF_PASSWORD = "anong@example.com", "a quiet lantern in the office"


class Shop:
    """A running shop: its settings, its account at Omise, and its commands."""

    def __init__(self, world: World, folder: Path, **settings: str) -> None:
        port = free_port()
        self.world = world
        self.url = f"http://127.0.0.1:{port}"
        self._has_staff = False
        self._mails = folder / "mail"
        self._settings = {
            "OMISE_PUBLIC_KEY": world.public_key,
            "OMISE_SECRET_KEY": world.secret_key,
            "OMISE_API_URL": world.url,
            "OMISE_VAULT_URL": world.url,
            "OMISE_JS_URL": f"{world.url}/omise.js",
            "OMISE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "SECRET_KEY": "signs the sessions of the browser tests",
            "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
            "MAIL_FOLDER": str(self._mails),
            "PUBLIC_URL": self.url,
            "PORT": str(port),
            "WEB_CONCURRENCY": "2",
            **settings,
        }
        app = settings.get("WSGI_APP", "app:app")
        self._process = start("gunicorn", app, port=port, log=folder / "log", **self._settings)

    def command(self, *words: str) -> str:
        """The output of one of the shop's commands."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=os.environ | self._settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def run_worker(self) -> None:
        """Let a worker do the tasks that are due now."""
        self.command("worker", "--once")

    def mailed_link(self, path: str) -> str:
        """The newest link to a path in the mails of the shop, which are sent first."""
        self.run_worker()
        mails = sorted(self._mails.iterdir(), key=lambda mail: mail.stat().st_mtime)
        texts = [message_from_bytes(mail.read_bytes(), policy=default) for mail in mails]
        bodies = [text.get_body(("plain",)).get_content() for text in texts]
        return re.findall(rf"{self.url}{path}\S+", "\n".join(bodies))[-1]

    def old_order_link(self, number: str) -> str:
        """The path of an order with a key of long ago, as web/order_links.py signs it."""
        issued = f"{LONG_AGO:x}"
        signer = Signer(self._settings["SECRET_KEY"], salt="order")
        signature = signer.get_signature(f"{number} {issued}").decode()
        return f"/orders/{number}?key={issued}.{signature}"

    def add_staff(self) -> None:
        """Create the staff account, once."""
        if not self._has_staff:
            self.command("create-staff", STAFF_EMAIL, "--password", STAFF_PASSWORD)
        self._has_staff = True

    def stop(self) -> None:
        """End the shop."""
        stop(self._process)


class Shops:
    """One shop for each set of settings, started when first asked for."""

    def __init__(self, sandbox: Sandbox, folders: pytest.TempPathFactory) -> None:
        self._sandbox = sandbox
        self._folders = folders
        #: By their settings; those used last come last.
        self._running: dict[frozenset[tuple[str, str]], Shop] = {}

    def get(self, settings: dict[str, str]) -> Shop:
        """The shop with these settings; the usual one has none."""
        key = frozenset(settings.items())
        shop = self._running.pop(key, None) or self._start(settings)
        self._running[key] = shop
        return shop

    def stop(self) -> None:
        """End all shops."""
        for shop in self._running.values():
            shop.stop()

    def _start(self, settings: dict[str, str]) -> Shop:
        special = [key for key in self._running if key]
        if len(self._running) >= MAX_RUNNING:
            self._running.pop(special[0]).stop()
        world = self._sandbox.new_world() if settings else self._sandbox.default_world
        return Shop(world, self._folders.mktemp("shop"), **settings)
