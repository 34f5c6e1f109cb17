"""HTTP to the shop itself: no proxy of the environment between, and no password of ~/.netrc."""

import requests


def direct_session() -> requests.Session:
    """A session that takes nothing from the environment.

    Each request has a connection of its own: one that was idle may be closed by the shop, as by
    Node after 5 seconds, just when the next request is sent, which would look like a lost answer.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["Connection"] = "close"
    return session
