"""``omise-sandbox`` and ``python -m omise_sandbox``: runs a command; by default, serve."""

import sys
from importlib import import_module

#: Command → the module that runs it.
COMMANDS = ("serve",)


def main() -> int:
    """Run the command on the command line. The exit status."""
    name = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in COMMANDS else None
    words = sys.argv[2:] if name else sys.argv[1:]
    module = import_module(f"omise_sandbox.commands.{name or 'serve'}")
    status: int = module.main(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
