"""How gunicorn runs the shop: `gunicorn app:app` reads this file by itself."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '5000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True  # a fault in the settings stops the start, once
timeout = 90  # longer than the shop waits for Omise
graceful_timeout = 60  # a charge under way is seen through
control_socket_disable = True
accesslog = None  # the shop logs requests itself, without what must not be logged


def on_starting(server):  # noqa: ANN001, ANN201  # gunicorn's hooks have no types
    """Bring the database up to date before the first request."""
    shop = server.app.wsgi().extensions["shop"]
    shop.database.migrate()
    shop.database.dispose()  # connections must not be shared with the workers
