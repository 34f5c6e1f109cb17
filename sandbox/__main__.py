"""``python -m sandbox``: loads the program, then runs it.

Tests wait for little else than the loading, so two things are left out of it: looking for garbage,
since there is none yet, and the certificates of the system, which aiohttp reads when it is imported
and only webhooks to https need; `web.courier` reads them for the first of these.
"""

import gc
import os
import sys
from collections.abc import Callable

CERTIFICATES = "SSL_CERT_FILE"


def load() -> Callable[[], int]:
    """The program."""
    gc.disable()
    named = os.environ.get(CERTIFICATES)
    os.environ[CERTIFICATES] = os.devnull
    from sandbox.program import main

    del os.environ[CERTIFICATES]
    if named is not None:
        os.environ[CERTIFICATES] = named
    # Nearly all that is stored lives on; looking for garbage more rarely costs nothing else.
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    return main


if __name__ == "__main__":
    sys.exit(load()())
