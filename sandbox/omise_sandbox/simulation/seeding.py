"""Seeding: a world that looks as if a shop had used it for some time.

The functions of the API create every object, each at its own time on the world's clock. Only
webhooks are left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from omise_sandbox.resources import charge_transitions, charges, customers, refunds, tokens
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.clock import DAY
from omise_sandbox.storage.world import World

VISA = "4242424242424242"
ASKS_THE_BANK = NUMBERS["asks_three_ds"]
DECLINED = tuple(NUMBERS[name].split()[0] for name in ("insufficient_fund", "payment_rejected"))
GOOD = (VISA, "5555555555554444", "3530111333300000", "378282246310005")
NAMES = ("SOMCHAI PRASERT", "SOMSRI JAIDEE", "YUKI TANAKA", "NUR AISYAH", "JOHN DOE")
AMOUNTS = (9900, 39000, 59000, 120000, 249000)
MAX_CHARGES, MAX_CUSTOMERS, MAX_DAYS = 100_000, 10_000, 360
COMMIT_EVERY = 500
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
    """The life of a charge: its share in percent, its cards, and the steps that follow."""

    weight: int
    cards: tuple[str, ...] = GOOD
    follows: Callable[[World, str], object] = lambda _, __: None
    capture: bool = True

    @property
    def at_the_bank(self) -> bool:
        """Whether the card needs 3-D Secure."""
        return self.cards == (ASKS_THE_BANK,)


def _settle(failure: str | None) -> Callable[[World, str], object]:
    return lambda world, charge: charge_transitions.settle(
        world, world.store.charges.by_id[charge], failure
    )


def _refund(share: int) -> Callable[[World, str], object]:
    """Refund the amount divided by the share."""

    def follow(world: World, charge: str) -> object:
        amount = world.store.charges.by_id[charge].amount // share
        return refunds.create(ApiCall(world, (charge,), {"amount": amount}))

    return follow


SCENARIOS = {
    "paid": Scenario(66),
    "declined": Scenario(10, DECLINED),
    "refunded": Scenario(5, follows=_refund(1)),
    "partly refunded": Scenario(3, follows=_refund(3)),
    "approved at the bank": Scenario(6, (ASKS_THE_BANK,), _settle(None)),
    "declined at the bank": Scenario(3, (ASKS_THE_BANK,), _settle("payment_rejected")),
    "left at the bank": Scenario(2, (ASKS_THE_BANK,)),
    "held": Scenario(2, capture=False),
    "captured": Scenario(
        2, capture=False, follows=lambda world, charge: charges.capture(ApiCall(world, (charge,)))
    ),
    "reversed": Scenario(
        1, capture=False, follows=lambda world, charge: charges.reverse(ApiCall(world, (charge,)))
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


def seed(world: World, plan: Plan) -> Json:
    """Fill an empty world; returns the number of charges for each scenario.

    The same plan, seed and clock give the same objects with the same ids.
    Raises `ApiError` when the world is not empty: new objects cannot be older than existing ones.
    """
    if not world.store.is_empty:
        raise ApiError("bad_request", "only an empty world can be seeded; reset it first")
    chance = Random(world.settings.seed or 0)  # noqa: S311 - a history must repeat, not be secret
    clock, now = world.clock, world.clock.now()
    frozen_at, settings = clock.frozen_at, world.settings
    steps = plan.customers + plan.charges
    pause = plan.days * DAY / steps if steps else 0
    world.settings = settings.with_changes({"webhook_url": None})
    clock.freeze(True)
    clock.move_to(now - plan.days * DAY)
    try:
        saved = [_customer(world, number, chance, pause) for number in range(plan.customers)]
        told = [
            _charge(world, chance, saved, pause) for _ in _journalling(world, range(plan.charges))
        ]
    finally:
        clock.frozen_at = frozen_at
        clock.move_to(now)
        world.settings = settings
    run_due(world)
    world.persist()
    return {"object": "seed", "customers": len(saved), "charges": dict(Counter(told))}


def _journalling(world: World, steps: Iterable[int]) -> Iterator[int]:
    """The steps, with a commit now and then to bound the memory."""
    for step in steps:
        yield step
        if step % COMMIT_EVERY == 0:
            world.journal.commit()


def _customer(world: World, number: int, chance: Random, pause: float) -> tuple[str, str]:
    """A customer with a card: the ids of both."""
    world.clock.move_to(world.clock.now() + pause)
    params = {"email": f"shopper{number + 1}@example.com", "card": _token(world, chance, GOOD)}
    customer = customers.create(ApiCall(world, params=params))
    return customer["id"], customer["default_card"]


def _charge(world: World, chance: Random, saved: list[tuple[str, str]], pause: float) -> str:
    """A charge and the steps that follow: the name of its scenario."""
    world.clock.move_to(world.clock.now() + pause)
    run_due(world)
    (name,) = chance.choices(list(SCENARIOS), [story.weight for story in SCENARIOS.values()])
    story = SCENARIOS[name]
    params = {"amount": chance.choice(AMOUNTS), "currency": "thb", "capture": story.capture}
    if saved and story.cards is GOOD and chance.randrange(SAVED_CARDS) == 0:
        params["customer"], params["card"] = chance.choice(saved)
    else:
        params["card"] = _token(world, chance, story.cards)
    if story.at_the_bank:
        params["return_uri"] = "https://shop.example/back"
    charge = charges.create(ApiCall(world, params=params))
    story.follows(world, charge["id"])
    return name


def _token(world: World, chance: Random, numbers: tuple[str, ...]) -> str:
    card = {
        "name": chance.choice(NAMES),
        "number": chance.choice(numbers),
        "expiration_month": 12,
        "expiration_year": 2040,
        "security_code": "123",
    }
    token: str = tokens.create(ApiCall(world, params={"card": card}))["id"]
    return token
