"""``omise-sandbox events``: lists events, and sends them to a shop again."""

from argparse import ArgumentParser, Namespace

from omise_sandbox.commands.client import CallFailed, Client, add_options, read_client
from omise_sandbox.commands.forward import describe, forward
from omise_sandbox.commands.listen import add_forward_options

NEWEST = "/events?order=reverse_chronological&limit=20"


def main(words: list[str]) -> int:
    """List or resend."""
    parser = ArgumentParser("omise-sandbox events", description="List events, or resend one.")
    actions = parser.add_subparsers(dest="action", required=True)
    add_options(actions.add_parser("list", help="print the last 20 events"))
    resending = actions.add_parser("resend", help="send the webhooks of an event again")
    resending.add_argument("event", help="the id of the event: evnt_…")
    add_options(resending)
    add_forward_options(resending)
    options = parser.parse_args(words)
    client = read_client(options)
    lines = _list(client) if options.action == "list" else [_resend(client, options)]
    print(*lines, sep="\n")  # noqa: T201 - the output of a command
    return 0


def _list(client: Client) -> list[str]:
    return [describe(event) for event in reversed(client.call("GET", NEWEST)["data"])]


def _resend(client: Client, options: Namespace) -> str:
    """By the sandbox itself, or from here to a URL."""
    if options.forward_to:
        event = client.call("GET", f"/events/{options.event}")
        result = forward(event, options.forward_to, options.secret)
        return f"{describe(event)} -> {options.forward_to}: {result}"
    if options.omise:
        raise CallFailed("--omise needs --forward-to URL")
    event = client.call("POST", f"/_sandbox/events/{options.event}/resend")
    return f"{describe(event)} is sent again"
