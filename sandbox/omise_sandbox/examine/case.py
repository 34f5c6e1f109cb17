"""What a scenario is given, and what it can find out: the ledger of the sandbox, and the shop."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from omise_sandbox.examine.buyer import ORDINARY, PAUSE, Buyer, Seen, Twist
from omise_sandbox.examine.cards import THREE_DS
from omise_sandbox.examine.direct import direct_session
from omise_sandbox.examine.recipe import Recipe
from omise_sandbox.examine.shop_process import ShopProcess
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.examine.verdicts import Finding, NotTried, Verdict
from omise_sandbox.testing.world import World
from omise_sandbox.webhooks.signature import signed_headers


@dataclass
class Case:
    """A fresh world, a buyer, and the price of the purchase (None until it is known)."""

    world: World
    recipe: Recipe
    buyer: Buyer
    timeline: Timeline
    shop: ShopProcess | None = None
    price: tuple[int, str] | None = None
    findings: list[Finding] = field(default_factory=list)
    _others: set[str] = field(default_factory=set)

    def finds(self, verdict: Verdict, text: str) -> None:
        """Note something wrong."""
        self.findings.append(Finding(verdict, text))

    def charges(self) -> list[dict[str, Any]]:
        """The charges that the shop made, by a control: a call would be in the time line."""
        rows = self.world.control("GET", "objects?kind=charge&limit=100")["data"]
        return [row for row in rows if row["id"] not in self._others]

    def paid(self) -> list[dict[str, Any]]:
        """The charges of the shop that took money, or hold it until they are captured."""
        return [row for row in self.charges() if row["paid"] or row["capturable"]]

    def charges_elsewhere(self, token: str, **params: object) -> dict[str, Any]:
        """A charge of the same account that is not of this purchase."""
        body = {"amount": 2000, "currency": "thb", "card": token, **params}
        charge = self.world.api("POST", "/charges", body)
        self._others.add(charge["id"])
        return charge

    def advances(self, seconds: float) -> None:
        """Move the clock of the world; webhooks that fall due are sent."""
        self.timeline.read(self.world)
        self.timeline.add(f"{seconds:g} s pass", "API")
        self.world.advance(seconds)

    def buys(self, twist: Twist = ORDINARY) -> Seen:
        """An ordinary purchase; a shop may send every card to the bank."""
        self.buyer.prepares()
        seen = self.buyer.pays(twist=twist)
        return self.buyer.chooses(seen.bank, "approve") if seen.bank else seen

    def buys_and_has_paid(self) -> dict[str, Any]:
        """An ordinary purchase: its charge. Raises `NotTried`."""
        self.buys()
        if not (paid := self.paid()):
            raise NotTried("the shop did not charge an ordinary purchase")
        return paid[0]

    def at_the_bank(self) -> dict[str, Any]:
        """Buy with a card that asks for 3-D Secure: the pending charge."""
        self.buyer.prepares()
        seen = self.buyer.pays(THREE_DS)
        pending = [row for row in self.charges() if row["status"] == "pending"]
        if not seen.bank or not pending:
            raise NotTried(f"the shop does not send the browser to the bank, it says {seen.said}")
        return pending[0]

    def needs_status(self) -> Seen:
        """The status of the order. Raises `NotTried` when it cannot be asked."""
        if (seen := self.buyer.asks()) is None:
            raise NotTried("the recipe does not tell how to ask for the status of the order")
        return seen

    @contextmanager
    def fault(self, do: str, **more: object) -> Iterator[None]:
        """The next charge fails in this way. Raises `NotTried` when the shop makes none."""
        self.world.fails("POST", "/charges", do, **more)
        yield
        self._must_have_fired()

    @contextmanager
    def webhook_fault(self, do: str, event: str = "charge.complete") -> Iterator[None]:
        """The next webhook is sent in this way. Raises `NotTried` when there is none."""
        self.world.webhook_fails(event, do)
        yield
        self._must_have_fired()

    def _must_have_fired(self) -> None:
        if not self.findings and (idle := self.world.idle_faults()):
            missing = idle[0]["webhook"] or f"{idle[0]['method']} {idle[0]['path']}"
            raise NotTried(f"there was no {missing} to go wrong")

    def posts_webhook(
        self, event: dict[str, Any], *, secret: str | None, at: float | None = None
    ) -> int:
        """Send a webhook to the shop: the status of its answer, 0 without one."""
        url = self.webhook_url()
        body = json.dumps(event).encode()
        headers = signed_headers(body, secret, int(time.time() if at is None else at))
        try:
            with direct_session() as http:
                answer = http.post(
                    url,
                    data=body,
                    headers=headers,
                    timeout=self.recipe.timeout,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            self.timeline.add(f"{event['key']}: {type(error).__name__}", "webhook")
            return 0
        self.timeline.add(f"{event['key']}: {answer.status_code}", "webhook")
        return answer.status_code

    def webhook_url(self) -> str:
        """Where the shop receives webhooks. Raises `NotTried`."""
        if not self.recipe.webhook:
            raise NotTried("the recipe names no webhook address")
        return self.recipe.url(self.recipe.webhook)

    def delivered(self, key: str) -> list[int | None]:
        """The statuses with which the shop answered webhooks of this event."""
        return [row["status"] for row in self._webhooks() if row["key"] == key]

    def waits_for_webhook(self, seconds: float = 5) -> bool:
        """Whether the shop answers a webhook within this time."""
        return self._becomes(lambda: any(row["attempts"] for row in self._webhooks()), seconds)

    def waits_for_charge(self, seconds: float) -> bool:
        """Whether the shop makes a charge within this time."""
        return self._becomes(lambda: bool(self.charges()), seconds)

    def _webhooks(self) -> list[dict[str, Any]]:
        return list(self.world.control("GET", "webhooks")["data"])

    def _becomes(self, holds: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not (held := holds()) and time.monotonic() < deadline:
            self.buyer.rests(PAUSE)
        return held
