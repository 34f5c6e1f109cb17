"""How gunicorn runs the shop: `gunicorn app:app` reads this file by itself."""

import os
import subprocess
import sys

from dotenv import dotenv_values

known = dotenv_values(".env") | os.environ  # as the shop itself reads its settings

bind = f"127.0.0.1:{known.get('PORT') or '5000'}"
workers = int(known.get("WEB_CONCURRENCY") or "2")
threads = 4
timeout = 90  # longer than the shop waits for Omise
graceful_timeout = 60  # a charge under way is seen through
control_socket_disable = True
accesslog = None  # the shop logs requests itself, without what must not be logged


def on_starting(_):  # noqa: ANN001, ANN201  # gunicorn's hooks have no types
    """Check the settings and bring the database up to date before the first request.

    Done in a program of its own, so that the master stays small and holds no connections.
    """
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", "migrate"], check=False)
    if done.returncode:
        sys.exit(done.returncode)
