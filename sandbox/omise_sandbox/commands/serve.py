"""``omise-sandbox serve``: loads the server, then runs it.

Start-up time is mostly imports, so two things are left out: garbage collection, since there is no
garbage yet, and all of aiohttp except its server; `webhooks.http_client` loads the client later.
"""

import gc
import sys
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec


def main(words: list[str]) -> int:
    """Serve until stopped. The exit status."""
    return load()(words)


def load() -> Callable[[list[str]], int]:
    """The server's entry point."""
    gc.disable()
    open_package("aiohttp", __version__="")
    from omise_sandbox.http.process import main

    # Almost nothing that is stored becomes garbage, so collect less often.
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    return main


def open_package(name: str, **known: str) -> None:
    """Let modules of a package be imported one by one, without its ``__init__`` importing all.

    `known` are the names that they expect there.
    """
    spec = find_spec(name)
    if spec:
        sys.modules[name] = package = module_from_spec(spec)
        vars(package).update(known)
