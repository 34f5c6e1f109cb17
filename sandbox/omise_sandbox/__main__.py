"""``omise-sandbox`` and ``python -m omise_sandbox``: runs a command; by default, serve."""

import sys
from collections.abc import Callable
from importlib import import_module

#: Every command; each is a module of `commands`.
COMMANDS = ("serve", "trigger", "listen", "events", "examine")


def main() -> int:
    """Run the command on the command line. The exit status."""
    name = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in COMMANDS else None
    words = sys.argv[2:] if name else sys.argv[1:]
    module = import_module(f"omise_sandbox.commands.{name or 'serve'}")
    if name in (None, "serve"):
        status: int = module.main(words)
        return status
    return _run(module.main, words)


def _run(command: Callable[[list[str]], int], words: list[str]) -> int:
    """Run a command that calls a server. 1 when a call fails, with the reason in one line."""
    from omise_sandbox.commands.client import CallFailed

    try:
        return command(words)
    except CallFailed as error:
        print(f"omise-sandbox: {error}", file=sys.stderr)  # noqa: T201 - the output of a command
        return 1


if __name__ == "__main__":
    sys.exit(main())
