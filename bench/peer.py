"""localstripe, the peer of the sandbox, without its writing to disk and its log of requests.

`python -m bench.peer PORT STORED` starts it with that many charges, and prints a customer's id.
"""

import sys

from aiohttp import web
from localstripe import resources, server


def fill(stored):
    """A customer with a card, and so many charges; the customer's id."""
    card = {"object": "card", "number": "4242424242424242", "exp_month": "12"}
    resources.schedule_webhook = lambda *_: None  # there is no loop yet to send them
    token = resources.Token(card=card | {"exp_year": "2040", "cvc": "123"})
    customer = resources.Customer._api_create(source=token.id)
    for _ in range(stored):
        resources.Charge._api_create(amount=39000, currency="thb", customer=customer.id)
    return customer.id


def main(port, stored):
    """Answer requests until told to stop."""
    resources.Store.dump_to_disk = lambda _: None
    print(fill(stored), flush=True)
    web.run_app(server.app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
