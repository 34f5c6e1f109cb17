"""``omise-sandbox trigger EVENT``: causes an event on a real object of the sandbox."""

from argparse import ArgumentParser

from omise_sandbox.commands.client import add_options, read_client
from omise_sandbox.commands.forward import describe


def main(words: list[str]) -> int:
    """Cause the event and print it."""
    parser = ArgumentParser(
        "omise-sandbox trigger",
        description="Cause an event on a real object: the named charge, a suitable or a new one.",
    )
    parser.add_argument("event", help="such as charge.complete, refund.create, customer.create")
    parser.add_argument("--charge", metavar="ID", help="the charge, in a state that allows it")
    add_options(parser)
    options = parser.parse_args(words)
    params = {"event": options.event, "charge": options.charge}
    event = read_client(options).call("POST", "/_sandbox/trigger", params)
    print(describe(event))  # noqa: T201 - the output of a command
    return 0
