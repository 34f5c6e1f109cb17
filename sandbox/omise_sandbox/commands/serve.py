"""``omise-sandbox serve``: loads the server, then runs it.

Start-up time is mostly imports, so garbage is not collected meanwhile: there is none yet.
"""

import gc
from collections.abc import Callable


def main(words: list[str]) -> int:
    """Serve until stopped. The exit status."""
    return load()(words)


def load() -> Callable[[list[str]], int]:
    """The server's entry point."""
    gc.disable()
    from omise_sandbox.http.process import main

    # Almost nothing that is stored becomes garbage, so collect less often.
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    return main
