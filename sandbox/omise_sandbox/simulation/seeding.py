"""Seeding: a world that looks as if a shop had used it for some time.

The functions of the API create every object, each at its own time on the world's clock. Only
webhooks are left out.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from omise_sandbox.resources import (
    charge_transitions,
    charges,
    customers,
    disputes,
    refunds,
    tokens,
)
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.clock import DAY

VISA = "4242424242424242"
ASKS_THE_BANK = NUMBERS["asks_three_ds"]
DECLINED = tuple(NUMBERS[name].split()[0] for name in ("insufficient_fund", "payment_rejected"))
GOOD = (VISA, "5555555555554444", "3530111333300000", "378282246310005")
NAMES = ("SOMCHAI PRASERT", "SOMSRI JAIDEE", "YUKI TANAKA", "NUR AISYAH", "JOHN DOE")
AMOUNTS = (9900, 39000, 59000, 120000, 249000)
MAX_CHARGES, MAX_CUSTOMERS, MAX_DAYS = 100_000, 10_000, 360
COMMIT_EVERY = 500
FIRST_ORDER = 1001
RETURN_URI = "https://shop.example/back"
#: One charge in this many uses a saved card.
SAVED_CARDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is created, and over how many days up to now."""

    charges: int = 100
    customers: int = 10
    days: int = 30


@dataclass(frozen=True, slots=True)
class Scenario:
    """The life of a charge: its share in percent, what pays for it, and the step that follows."""

    weight: int
    cards: tuple[str, ...] = GOOD
    source: str | None = None
    capture: bool = True
    follows: Callable[[ApiCall, str], object] = lambda _, __: None

    @property
    def at_the_bank(self) -> bool:
        """Whether the card needs 3-D Secure."""
        return self.cards == (ASKS_THE_BANK,)


def _settle(failure: str | None) -> Callable[[ApiCall, str], object]:
    return lambda call, charge: charge_transitions.settle(
        call.world, call.world.store.charges.by_id[charge], failure
    )


def _refund(share: int) -> Callable[[ApiCall, str], object]:
    """Refund the amount divided by the share."""

    def follow(call: ApiCall, charge: str) -> object:
        amount = call.world.store.charges.by_id[charge].amount // share
        return refunds.create(call.following(charge, amount=amount))

    return follow


SCENARIOS = {
    "paid": Scenario(55),
    "declined": Scenario(10, DECLINED),
    "refunded": Scenario(5, follows=_refund(1)),
    "partly refunded": Scenario(3, follows=_refund(3)),
    "disputed": Scenario(1, follows=lambda call, charge: disputes.create(call.following(charge))),
    "approved at the bank": Scenario(6, (ASKS_THE_BANK,), follows=_settle(None)),
    "declined at the bank": Scenario(3, (ASKS_THE_BANK,), follows=_settle("payment_rejected")),
    "left at the bank": Scenario(2, (ASKS_THE_BANK,)),
    "paid by PromptPay": Scenario(8, source="promptpay", follows=_settle(None)),
    "PromptPay not paid": Scenario(2, source="promptpay"),
    "authorized": Scenario(2, capture=False),
    "captured": Scenario(
        2, capture=False, follows=lambda call, charge: charges.capture(call.following(charge))
    ),
    "reversed": Scenario(
        1, capture=False, follows=lambda call, charge: charges.reverse(call.following(charge))
    ),
}


def read_plan(params: Json) -> Plan:
    """The validated plan. Raises `ApiError`."""
    most = {"charges": MAX_CHARGES, "customers": MAX_CUSTOMERS, "days": MAX_DAYS}
    for name, value in params.items():
        if name not in most:
            raise ApiError("bad_request", f"{name} is unknown; use {', '.join(most)}")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most[name]:
            raise ApiError("bad_request", f"{name} must be a number from 0 to {most[name]}")
    return Plan(**params)


def seed(call: ApiCall, plan: Plan) -> Json:
    """Fill an empty world; returns the number of charges for each scenario.

    The same plan, seed and clock give the same objects with the same ids.
    Raises `ApiError` when the world is not empty: new objects cannot be older than existing ones.
    """
    world = call.world
    if not world.store.is_empty:
        raise ApiError("bad_request", "only an empty world can be seeded; reset it first")
    clock, settings, now = world.clock, world.settings, world.clock.now()
    offset, frozen_at = clock.offset, clock.frozen_at
    world.settings = settings.with_changes({"webhook_url": None})
    clock.freeze(True)
    clock.set_to(now - plan.days * DAY)
    try:
        result = Seeder(call, plan).run()
    finally:
        clock.offset, clock.frozen_at = offset, frozen_at
        world.settings = settings
    run_due(world)
    world.persist()
    return result


class Seeder:
    """Creates the customers and charges of a plan, one after the other."""

    def __init__(self, call: ApiCall, plan: Plan) -> None:
        self._call = call
        self._world = call.world
        self._plan = plan
        seed = call.world.settings.seed or 0
        self._chance = Random(seed)  # noqa: S311 - a history must repeat, not be secret
        steps = plan.customers + plan.charges
        self._pause = plan.days * DAY / steps if steps else 0
        #: Customer and card ids.
        self._saved_cards: list[tuple[str, str]] = []

    def run(self) -> Json:
        """Everything; returns the number of charges for each scenario."""
        for number in range(self._plan.customers):
            self._customer(number)
        counts: Counter[str] = Counter()
        for number in range(self._plan.charges):
            counts[self._charge(number)] += 1
            if number % COMMIT_EVERY == 0:  # bounds the memory
                self._world.journal.commit()
        return {"object": "seed", "customers": self._plan.customers, "charges": dict(counts)}

    def _customer(self, number: int) -> None:
        self._advance()
        email, card = f"shopper{number + 1}@example.com", self._token(GOOD)
        customer = customers.create(self._call.following(email=email, card=card))
        self._saved_cards.append((customer["id"], customer["default_card"]))

    def _charge(self, number: int) -> str:
        """A charge and the step that follows: the name of its scenario."""
        self._advance()
        run_due(self._world)
        weights = [scenario.weight for scenario in SCENARIOS.values()]
        (name,) = self._chance.choices(list(SCENARIOS), weights)
        scenario = SCENARIOS[name]
        params = {
            "amount": self._chance.choice(AMOUNTS),
            "currency": "thb",
            "capture": scenario.capture,
            "description": f"Order {FIRST_ORDER + number}",
            "metadata": {"order": str(FIRST_ORDER + number)},
            **self._payment(scenario),
        }
        charge = charges.create(self._call.following(**params))
        scenario.follows(self._call, charge["id"])
        return name

    def _payment(self, scenario: Scenario) -> Json:
        """The parameters of what pays: a source, a saved card, or a new one."""
        if scenario.source:
            return {"source": {"type": scenario.source}}
        if scenario.at_the_bank:
            return {"card": self._token(scenario.cards), "return_uri": RETURN_URI}
        saved = self._saved_cards and scenario.cards is GOOD
        if saved and self._chance.randrange(SAVED_CARDS) == 0:
            customer, card = self._chance.choice(self._saved_cards)
            return {"customer": customer, "card": card}
        return {"card": self._token(scenario.cards)}

    def _advance(self) -> None:
        self._world.clock.set_to(self._world.clock.now() + self._pause)

    def _token(self, numbers: tuple[str, ...]) -> str:
        card = {
            "name": self._chance.choice(NAMES),
            "number": self._chance.choice(numbers),
            "expiration_month": 12,
            "expiration_year": 2040,
            "security_code": "123",
        }
        token: str = tokens.create(self._call.following(card=card))["id"]
        return token
