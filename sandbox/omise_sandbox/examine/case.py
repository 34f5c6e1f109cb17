"""What a scenario is given, and what it can find out: the ledger of the sandbox, and the shop."""

import json
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import requests

from omise_sandbox.examine.buyer import Buyer, Seen
from omise_sandbox.examine.recipe import Recipe
from omise_sandbox.testing.world import World
from omise_sandbox.webhooks.signature import signed_headers

THREE_DS_CARD = "4000000000003063"


class Verdict(Enum):
    """How a scenario ended, from good to bad."""

    RIGHT = "right"
    NOT_TRIED = "not tried"
    UNSAFE = "unsafe"
    TOLD = "wrong (told the shopper something false)"
    MONEY = "wrong (money)"


class NotTried(Exception):
    """Why a scenario cannot be tried, or what of it cannot be observed."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    verdict: Verdict
    text: str


@dataclass
class Case:
    """A fresh world, a buyer, and the price of the purchase (None until it is known)."""

    world: World
    recipe: Recipe
    price: tuple[int, str] | None = None
    timeline: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    buyer: Buyer = field(init=False)
    _others: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """The buyer comes to the shop."""
        self.buyer = Buyer(self.recipe, self.world, self.timeline)

    def finds(self, verdict: Verdict, text: str) -> None:
        """Note something wrong."""
        self.findings.append(Finding(verdict, text))

    def charges(self) -> list[dict[str, Any]]:
        """The charges that the shop made."""
        return [row for row in self.world.charges() if row["id"] not in self._others]

    def paid(self) -> list[dict[str, Any]]:
        """The charges of the shop that took money."""
        return [row for row in self.charges() if row["paid"]]

    def charges_elsewhere(self, token: str, **params: object) -> dict[str, Any]:
        """A charge of the same account that is not of this purchase."""
        body = {"amount": 2000, "currency": "thb", "card": token, **params}
        charge = self.world.api("POST", "/charges", body)
        self._others.add(charge["id"])
        return charge

    def at_the_bank(self) -> dict[str, Any]:
        """Buy with a card that asks for 3-D Secure: the pending charge."""
        self.buyer.prepares()
        seen = self.buyer.pays(self.world.token(THREE_DS_CARD))
        pending = [row for row in self.charges() if row["status"] == "pending"]
        if not seen.bank or not pending:
            raise NotTried("the shop does not send the browser to the bank")
        return pending[0]

    def needs_status(self) -> Seen:
        """The status of the order. Raises `NotTried` when it cannot be asked."""
        if (seen := self.buyer.asks()) is None:
            raise NotTried("the recipe does not tell how to ask for the status of the order")
        return seen

    def posts_webhook(
        self, event: dict[str, Any], *, secret: str | None, at: float | None = None
    ) -> int:
        """Send a webhook to the shop: the status of its answer, 0 without one."""
        url = self.webhook_url()
        body = json.dumps(event).encode()
        headers = signed_headers(body, secret, int(time.time() if at is None else at))
        try:
            with requests.Session() as http:
                http.trust_env = False
                answer = http.post(
                    url,
                    data=body,
                    headers=headers,
                    timeout=self.recipe.timeout,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            self.timeline.append(f"webhook {event['key']}: {type(error).__name__}")
            return 0
        self.timeline.append(f"webhook {event['key']}: {answer.status_code}")
        return answer.status_code

    def webhook_url(self) -> str:
        """Where the shop receives webhooks. Raises `NotTried`."""
        if not self.recipe.webhook:
            raise NotTried("the recipe names no webhook address")
        return self.recipe.shop.rstrip("/") + self.recipe.webhook
