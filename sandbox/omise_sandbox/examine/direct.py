"""HTTP to the shop itself: no proxy of the environment between, and no password of ~/.netrc."""

import requests


def direct_session() -> requests.Session:
    """A session that takes nothing from the environment."""
    session = requests.Session()
    session.trust_env = False
    return session
