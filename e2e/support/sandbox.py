"""Omise as these tests see it: its charges, and the knobs of the sandbox that plays it."""

from typing import NamedTuple

import requests

PUBLIC_KEY = "pkey_test_browsertests000000001"
SECRET_KEY = "skey_test_browsertests000000001"
#: base64, as the dashboard shows it.
WEBHOOK_SECRET = "YSBzZWNyZXQgb2YgdGhlIGJyb3dzZXIgdGVzdHM="


class Payment(NamedTuple):
    """A charge at Omise, as far as money is concerned."""

    amount: int
    status: str


class Omise:
    """One sandbox, seen from outside."""

    def __init__(self, port: int) -> None:
        # Another host name than the shop's, so that the bank and the vault are other sites.
        self.url = f"http://localhost:{port}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (SECRET_KEY, "")
        self._control = f"http://127.0.0.1:{port}"

    def payments(self) -> list[Payment]:
        """Every charge there is, the oldest first."""
        charges = self._get("/charges?limit=100")["data"]
        return [Payment(charge["amount"], charge["status"]) for charge in charges]

    def currencies(self) -> list[str]:
        """The currency of each charge."""
        return [charge["currency"] for charge in self._get("/charges?limit=100")["data"]]

    def refunded(self) -> list[int]:
        """How much of each charge was given back."""
        return [charge["refunded_amount"] for charge in self._get("/charges?limit=100")["data"]]

    def captured(self) -> list[int]:
        """How much of each charge was taken."""
        charges = self._get("/charges?limit=100")["data"]
        # Some answers leave it out; it is then the whole amount, once paid.
        return [c.get("captured_amount", c["amount"] if c["paid"] else 0) for c in charges]

    def cards_kept(self) -> list[str]:
        """The last digits of every card that Omise keeps for customers."""
        customers = self._get("/customers?limit=100")["data"]
        return [card["last_digits"] for one in customers for card in one["cards"]["data"]]

    def settles(self, outcome: str) -> None:
        """Let the only payment that waits be paid or fail, as the dashboard can in test mode.

        Args:
            outcome: `paid` or `failed`.
        """
        self._post(f"/charges/{self._waiting()}/mark_as_{outcome}", {})

    def lets_expire(self) -> None:
        """Let the time of the only payment that waits be over."""
        self._post(f"/charges/{self._waiting()}/expire", {})

    def _waiting(self) -> str:
        charges = self._get("/charges?limit=100")["data"]
        (waiting,) = [charge["id"] for charge in charges if charge["status"] == "pending"]
        return waiting

    def charge(self, token: str, amount: int) -> None:
        """Use up a token behind the shop's back."""
        self._post("/charges", {"amount": amount, "currency": "thb", "card": token})

    def is_asked_for(self, **setting: object) -> None:
        """Change a setting of the account."""
        self._post("/_sandbox/settings", setting)

    def tells(self, shop_url: str) -> None:
        """Send webhooks to the shop from now on."""
        address = f"{shop_url}/webhooks/omise"
        self.is_asked_for(webhook_url=address, webhook_secret=WEBHOOK_SECRET)

    def has_told(self) -> None:
        """Come back when every webhook that was sent is answered."""
        self._post("/_sandbox/clock", {"advance": 0})

    def lets_time_pass(self, *, minutes: float = 0, days: float = 0) -> None:
        """Move Omise's clock; the shop's and the browser's stand where they are."""
        self._post("/_sandbox/clock", {"advance": minutes * 60 + days * 86_400})

    def will_fail(self, method: str, path: str, do: str, **more: object) -> None:
        """Arm a fault. A test in which it never strikes fails."""
        self._post("/_sandbox/faults", {"method": method, "path": path, "do": do, **more})

    def works_again(self) -> None:
        """Disarm all faults, which have struck by now."""
        assert self.unspent_faults() == []
        self._session.delete(f"{self._control}/_sandbox/faults", timeout=10).raise_for_status()

    def unspent_faults(self) -> list[str]:
        """The faults that were armed and never struck."""
        faults = self._get("/_sandbox/faults")["data"]
        return [f"{f['method']} {f['path']} {f['do']}" for f in faults if not f["fired"]]

    def starts_afresh(self) -> None:
        """Forget all objects, faults and settings, and put the clock right."""
        self._post("/_sandbox/reset", {})

    def _get(self, path: str) -> dict:
        answer = self._session.get(self._control + path, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, body: dict) -> None:
        self._session.post(self._control + path, json=body, timeout=10).raise_for_status()
