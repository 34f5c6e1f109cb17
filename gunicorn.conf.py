"""Settings of gunicorn, which reads this file when started as `gunicorn app:app`."""

import gc
import importlib
import multiprocessing
import os
import sys

from dotenv import dotenv_values
from flask.cli import cli
from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):
    """Takes in who has connected before it ends, and lets others connect elsewhere at once.

    A listening socket that stays open until the last request is done goes on being connected to,
    and those connections would be reset.
    """

    def set_accept_enabled(self, enabled):  # noqa: ANN001, ANN201  # as its parent
        """Accept connections, or no more; at the end close the sockets when they are empty."""
        super().set_accept_enabled(enabled)
        if not (enabled or self.alive):
            for listener in self.sockets:
                self._drain(listener)
                listener.close()

    def _drain(self, listener):  # noqa: ANN001, ANN202  # gunicorn has no types
        count = -1
        while count != self.nr_conns:
            count = self.nr_conns
            self.accept(listener)


known = dotenv_values(".env") | os.environ  # as the shop reads its settings


def whole_number(name: str, default: str) -> int:
    """A number from the settings; the shop does not start with anything else."""
    value = (known.get(name) or "").strip().strip("'\"") or default
    if not value.isdecimal():
        sys.exit(f"The shop cannot start. {name} must be a whole number, like {default}.")
    return int(value)


bind = f"127.0.0.1:{whole_number('PORT', '5000')}"
worker_class = DrainingWorker
workers = whole_number("WEB_CONCURRENCY", "2")
threads = whole_number("WEB_THREADS", "64")  # each waits while Omise takes its time
timeout = 90  # longer than the shop waits for Omise
graceful_timeout = 60  # lets a charge in progress finish
control_socket_disable = True
loglevel = "warning" if sys.stderr.isatty() else "info"
accesslog = None  # the shop logs requests itself, without secrets


def on_starting(arbiter):  # noqa: ANN001, ANN201  # gunicorn's hooks have no types
    """Import the shop, and migrate the database in a process of its own.

    Workers share what is imported here, so that one that has died is replaced at once; the process
    that migrates shares it too, which is faster than to import the shop twice. Nothing is created
    before they start: each has connections and threads of its own. Workers that replace parts of
    what was imported, as those of gevent do, could not call Omise over TLS.
    """
    if arbiter.cfg.worker_class is not DrainingWorker:
        sys.exit("This shop runs on threads (WEB_THREADS): start gunicorn without --worker-class.")
    importlib.import_module("storefront.factory")
    gc.freeze()
    migration = multiprocessing.get_context("fork").Process(target=migrate)
    migration.start()
    migration.join()
    if migration.exitcode:
        sys.exit(1)


def migrate():  # noqa: ANN201
    """Run `flask --app app migrate`."""
    cli.main(["--app", "app", "migrate"])
