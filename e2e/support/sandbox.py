"""The sandbox over HTTP: one process, and in it a merchant account (a world) for each shop."""

from typing import NamedTuple

import requests

PUBLIC_KEY = "pkey_test_browsertests000000001"
SECRET_KEY = "skey_test_browsertests000000001"
#: base64, as the dashboard shows it.
WEBHOOK_SECRET = "YSBzZWNyZXQgb2YgdGhlIGJyb3dzZXIgdGVzdHM="

TIMEOUT = 10


class Payment(NamedTuple):
    """A charge at Omise, as far as money is concerned."""

    amount: int
    status: str


class World:
    """A merchant account at the sandbox, seen from outside."""

    def __init__(self, control_url: str, url: str, public_key: str, secret_key: str) -> None:
        self.url = url
        self.public_key = public_key
        self.secret_key = secret_key
        self._control_url = control_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (secret_key, "")

    def trust(self, authority: str) -> None:
        """Take this authority's word for the certificate of the sandbox."""
        self._session.verify = authority

    # Money

    def payments(self) -> list[Payment]:
        """All charges, the oldest first."""
        return [Payment(charge["amount"], charge["status"]) for charge in self._charges()]

    def currencies(self) -> list[str]:
        """The currency of each charge."""
        return [charge["currency"] for charge in self._charges()]

    def refunded_amounts(self) -> list[int]:
        """The refunded amount of each charge."""
        return [charge["refunded_amount"] for charge in self._charges()]

    def captured_amounts(self) -> list[int]:
        """The captured amount of each charge; answers without it mean all of a paid charge."""
        return [
            charge.get("captured_amount", charge["amount"] if charge["paid"] else 0)
            for charge in self._charges()
        ]

    def saved_cards(self) -> list[str]:
        """The last digits of every card of a customer."""
        customers = self._get("/customers?limit=100")["data"]
        return [card["last_digits"] for one in customers for card in one["cards"]["data"]]

    def create_token(self, card: dict[str, object]) -> str:
        """The id of a token for a card, as the browser creates it."""
        return self._post("/tokens", {"card": card}, key=self.public_key)["id"]

    def charge(self, token: str, amount: int) -> None:
        """Use up a token without the shop."""
        self._post("/charges", {"amount": amount, "currency": "thb", "card": token})

    def latest_charge(self) -> str:
        """The id of the latest charge."""
        return self._charges()[-1]["id"]

    def poll(self, charge: str, times: int) -> None:
        """Read a charge again and again, as a shop that waits."""
        for _ in range(times):
            self._get(f"/charges/{charge}")

    def mark_charge_as(self, outcome: str) -> None:
        """Settle the only pending charge, as the dashboard can in test mode.

        Args:
            outcome: `paid` or `failed`.
        """
        self._post(f"/charges/{self._pending()}/mark_as_{outcome}", {})

    def expire_charge(self) -> None:
        """Expire the only pending charge."""
        self._post(f"/charges/{self._pending()}/expire", {})

    # Controls

    def change_settings(self, **settings: object) -> None:
        """Change settings of the account."""
        self._post("/_sandbox/settings", settings)

    def send_webhooks_to(self, shop_url: str) -> None:
        """Send webhooks to the shop from now on."""
        address = f"{shop_url}/webhooks/omise"
        self.change_settings(webhook_url=address, webhook_secret=WEBHOOK_SECRET)

    def wait_for_webhooks(self) -> None:
        """Return when every webhook that was sent is answered."""
        self._post("/_sandbox/clock", {"advance": 0})

    def advance_clock(self, *, minutes: float = 0, days: float = 0) -> None:
        """Advance Omise's clock; those of the shop and the browser stay."""
        self._post("/_sandbox/clock", {"advance": minutes * 60 + days * 86_400})

    def add_fault(self, method: str, path: str, action: str, **more: object) -> None:
        """Let a call fail. A test whose fault is never used fails."""
        self._post("/_sandbox/faults", {"method": method, "path": path, "do": action, **more})

    def clear_faults(self) -> None:
        """Remove all faults, which have been used by now."""
        assert self.unused_faults() == []
        self._session.delete(
            f"{self._control_url}/_sandbox/faults", timeout=TIMEOUT
        ).raise_for_status()

    def unused_faults(self) -> list[str]:
        """The faults that met no call."""
        faults = self._get("/_sandbox/faults")["data"]
        return [f"{f['method']} {f['path']} {f['do']}" for f in faults if not f["fired"]]

    def reset(self, dialect: str) -> None:
        """Forget all objects, faults and settings, set the clock right, and speak a dialect."""
        self._post("/_sandbox/reset", {})
        self.change_settings(dialect=dialect)

    def cardholder(self) -> dict[str, str | None]:
        """What came with the card of the latest charge, beside what is on it."""
        card = self._charges()[-1]["card"]
        return {name: card[name] for name in ("street1", "city", "postal_code", "phone_number")}

    def _charges(self) -> list[dict]:
        return self._get("/charges?limit=100")["data"]

    def _pending(self) -> str:
        (pending,) = [charge["id"] for charge in self._charges() if charge["status"] == "pending"]
        return pending

    def _get(self, path: str) -> dict:
        answer = self._session.get(self._control_url + path, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, body: dict, *, key: str = "") -> dict:
        auth = (key or self.secret_key, "")
        answer = self._session.post(self._control_url + path, json=body, auth=auth, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()


class Sandbox:
    """One sandbox."""

    def __init__(self, port: int) -> None:
        # Another site than the shop's 127.0.0.1, as in production.
        self.url = f"http://localhost:{port}"
        self._control_url = f"http://127.0.0.1:{port}"
        self.default_world = self._world(PUBLIC_KEY, SECRET_KEY)

    @property
    def hosts(self) -> tuple[str, str]:
        """Both names under which browsers meet it."""
        return self.url.removeprefix("http://"), self._control_url.removeprefix("http://")

    def new_world(self) -> World:
        """A further merchant account."""
        self.default_world.reset("documented")  # whose settings a new one inherits
        answer = requests.post(f"{self._control_url}/_sandbox/worlds", json={}, timeout=TIMEOUT)
        answer.raise_for_status()
        keys = answer.json()
        return self._world(keys["public_key"], keys["secret_key"])

    def _world(self, public_key: str, secret_key: str) -> World:
        return World(self._control_url, self.url, public_key, secret_key)
