"""`make cluster`: three shops, two workers, PostgreSQL and Valkey behind Caddy, until Ctrl-C.

What must hold while parts are killed or replaced is tested in tests/processes/test_cluster.py.
"""

import contextlib
import signal
import tempfile
from pathlib import Path

from omise_sandbox import testing
from tests.support.cluster import Cluster
from tests.support.postgresql import Postgresql


def main():
    """Start it, say where it is, and wait."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cluster")))
        server = stack.enter_context(Postgresql(folder))
        sandbox, url = testing.start()
        stack.callback(testing.stop, sandbox)
        cluster = stack.enter_context(Cluster(url, server.new_empty(), folder))
        print(f"shop       {cluster.url}  (Caddy, in turns to the three below)")
        for number, shop in enumerate(cluster.shops, 1):
            print(f"shop {number}     {shop.url}  process {shop.gunicorn.pid}, log {shop.log}")
        print(f"workers    processes {', '.join(str(worker.pid) for worker in cluster.workers)}")
        print(f"sandbox    {url}\nKill what you like; end with Ctrl-C.", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
