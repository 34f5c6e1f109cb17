"""Seeding: a world that looks as if a shop had used it for a while.

Everything is made by the same functions as calls of the API make it, at its own time on the
world's clock. Only webhooks are left out, since nobody waited for them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from omise_sandbox.resources import charge_transitions, charges, customers, refunds, tokens
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules.cards import NUMBERS
from omise_sandbox.rules.errors import Refusal
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.clock import DAY
from omise_sandbox.storage.world import World

VISA = "4242424242424242"
ASKS_THE_BANK = NUMBERS["asks_three_ds"]
DECLINED = tuple(NUMBERS[name].split()[0] for name in ("insufficient_fund", "payment_rejected"))
GOOD = (VISA, "5555555555554444", "3530111333300000", "378282246310005")
NAMES = ("SOMCHAI PRASERT", "SOMSRI JAIDEE", "YUKI TANAKA", "NUR AISYAH", "JOHN DOE")
AMOUNTS = (9900, 39000, 59000, 120000, 249000)
MOST_CHARGES, MOST_CUSTOMERS, MOST_DAYS = 100_000, 10_000, 360
WRITTEN_AT_ONCE = 500
#: One charge in so many is by a customer's saved card.
SAVED_CARDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is made, and over how many days up to now it is spread."""

    charges: int = 100
    customers: int = 10
    days: int = 30


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to a charge: how often in a hundred, with which cards, and what follows."""

    weight: int
    cards: tuple[str, ...] = GOOD
    follows: Callable[[World, str], object] = lambda _, __: None
    capture: bool = True

    @property
    def at_the_bank(self) -> bool:
        """Whether the card asks for 3-D Secure."""
        return self.cards == (ASKS_THE_BANK,)


def _settle(failure: str | None) -> Callable[[World, str], object]:
    return lambda world, charge: charge_transitions.settle(
        world, world.ledger.charges.by_id[charge], failure
    )


def _refund(share: int) -> Callable[[World, str], object]:
    """Give back the amount divided by the share."""

    def follow(world: World, charge: str) -> object:
        amount = world.ledger.charges.by_id[charge].amount // share
        return refunds.create(Call(world, (charge,), {"amount": amount}))

    return follow


STORIES = {
    "paid": Story(66),
    "declined": Story(10, DECLINED),
    "refunded": Story(5, follows=_refund(1)),
    "partly refunded": Story(3, follows=_refund(3)),
    "approved at the bank": Story(6, (ASKS_THE_BANK,), _settle(None)),
    "declined at the bank": Story(3, (ASKS_THE_BANK,), _settle("payment_rejected")),
    "left at the bank": Story(2, (ASKS_THE_BANK,)),
    "held": Story(2, capture=False),
    "captured": Story(
        2, capture=False, follows=lambda world, charge: charges.capture(Call(world, (charge,)))
    ),
    "reversed": Story(
        1, capture=False, follows=lambda world, charge: charges.reverse(Call(world, (charge,)))
    ),
}


def read_plan(wishes: Json) -> Plan:
    """The plan, checked. Raises `Refusal` for anything that makes none."""
    most = {"charges": MOST_CHARGES, "customers": MOST_CUSTOMERS, "days": MOST_DAYS}
    for name, wish in wishes.items():
        if name not in most:
            raise Refusal("bad_request", f"{name} is unknown; use {', '.join(most)}")
        if not isinstance(wish, int) or isinstance(wish, bool) or not 0 <= wish <= most[name]:
            raise Refusal("bad_request", f"{name} must be a number from 0 to {most[name]}")
    return Plan(**wishes)


def seed(world: World, plan: Plan) -> Json:
    """Fill an empty world; tells how many charges had which story.

    The same plan, seed and clock give the same objects with the same ids.
    Raises `Refusal` when the world is not empty: objects cannot be older than those that are there.
    """
    if not world.ledger.is_empty:
        raise Refusal("bad_request", "only an empty world can be seeded; reset it first")
    chance = Random(world.settings.seed or 0)  # noqa: S311 - a history must repeat, not be secret
    clock, now = world.clock, world.clock.now()
    frozen_at, settings = clock.frozen_at, world.settings
    steps = plan.customers + plan.charges
    pause = plan.days * DAY / steps if steps else 0
    world.settings = settings.changed({"webhook_url": None})
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
    world.remember()
    return {"object": "seed", "customers": len(saved), "charges": dict(Counter(told))}


def _journalling(world: World, steps: Iterable[int]) -> Iterator[int]:
    """The steps, with what they made written down now and then, so that it need not be held."""
    for step in steps:
        yield step
        if step % WRITTEN_AT_ONCE == 0:
            world.journal.commit()


def _customer(world: World, number: int, chance: Random, pause: float) -> tuple[str, str]:
    """A customer with a card: the ids of both."""
    world.clock.move_to(world.clock.now() + pause)
    wishes = {"email": f"shopper{number + 1}@example.com", "card": _token(world, chance, GOOD)}
    customer = customers.create(Call(world, params=wishes))
    return customer["id"], customer["default_card"]


def _charge(world: World, chance: Random, saved: list[tuple[str, str]], pause: float) -> str:
    """A charge and what follows: the name of its story."""
    world.clock.move_to(world.clock.now() + pause)
    run_due(world)
    (name,) = chance.choices(list(STORIES), [story.weight for story in STORIES.values()])
    story = STORIES[name]
    wishes = {"amount": chance.choice(AMOUNTS), "currency": "thb", "capture": story.capture}
    if saved and story.cards is GOOD and chance.randrange(SAVED_CARDS) == 0:
        wishes["customer"], wishes["card"] = chance.choice(saved)
    else:
        wishes["card"] = _token(world, chance, story.cards)
    if story.at_the_bank:
        wishes["return_uri"] = "https://shop.example/back"
    charge = charges.create(Call(world, params=wishes))
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
    token: str = tokens.create(Call(world, params={"card": card}))["id"]
    return token
