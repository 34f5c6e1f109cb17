"""Reads the parameters of a new charge and checks them (api.md 3.1, 3.5)."""

from typing import Any, NamedTuple

from sandbox import params
from sandbox.api import customers, tokens
from sandbox.call import Call
from sandbox.errors import Refusal, joined
from sandbox.money import CURRENCIES, converted
from sandbox.state.clock import DAY
from sandbox.state.records import Card, Charge
from sandbox.state.settings import is_web_address
from sandbox.state.world import World

#: How long a hold on a card lasts (recordings).
HOLD = 7 * DAY
AUTHORIZATION_TYPES = (None, "pre_auth", "final_auth")
MOST_ENDPOINTS = 2


class Payer(NamedTuple):
    """The card that is charged, and the customer it belongs to if it is a saved one."""

    card: Card
    customer: str | None


def new_charge(call: Call) -> Charge:
    """A charge that waits for the bank, not yet saved. Raises `Refusal` if anything is wrong."""
    world, wishes, now = call.world, call.params, call.world.now()
    amount, currency = _money(world, wishes)
    return_uri = _return_uri(wishes)
    metadata = _metadata(wishes)
    capture = params.flag(wishes, "capture", default=True)
    expires_at = _expires_at(wishes, now)
    endpoints = _webhook_endpoints(wishes)
    authorization_type = _authorization_type(wishes)
    platform_fee = _platform_fee(wishes)
    payer = _payer(world, wishes)
    funding_currency = world.settings.currency
    return Charge(
        id=world.new_id("chrg"),
        created_at=now,
        amount=amount,
        currency=currency,
        funding_amount=converted(amount, currency, funding_currency),
        funding_currency=funding_currency,
        situation="waiting",
        capture=capture,
        captured_amount=amount if capture else 0,
        expires_at=expires_at,
        card=payer.card,
        customer=payer.customer,
        description=params.text(wishes, "description"),
        metadata=metadata,
        ip=params.text(wishes, "ip"),
        return_uri=return_uri,
        authorize_uri=_authorize_uri(call) if return_uri else None,
        authorization_type=authorization_type,
        webhook_endpoints=endpoints,
        platform_fee=platform_fee,
    )


def _money(world: World, wishes: dict[str, Any]) -> tuple[int, str]:
    """Amount and currency; problems with both are told together, currency first."""
    currency = params.text(wishes, "currency", "invalid_charge")
    if not currency and world.dialect.currency_may_be_left_out:
        currency = world.settings.currency
    currency = (currency or "").upper()
    problems = []
    if currency not in CURRENCIES:
        problems.append("currency is currently not supported")
    amount = params.integer(wishes, "amount")
    if amount is None and _is_fraction(wishes.get("amount")) and not problems:
        raise Refusal("invalid_amount")
    if amount is None:
        problems.append("amount is not a number")
    if problems or amount is None:
        raise Refusal("invalid_charge", joined(problems))
    return _within_limits(amount, currency), currency


def _is_fraction(value: object) -> bool:
    """Whether it is a number, though not a whole one."""
    try:
        return not isinstance(value, bool) and float(str(value)) == float(str(value))
    except ValueError:
        return False


def _within_limits(amount: int, currency: str) -> int:
    limits, unit = CURRENCIES[currency], f"({currency.lower()} subunits)"
    if amount < limits.minimum:
        bound = f"greater than or equal to {limits.minimum}"
    elif amount > limits.maximum:
        bound = f"less than or equal to {limits.maximum}"
    else:
        return amount
    raise Refusal("invalid_charge", f"amount must be {bound} {unit}")


def _payer(world: World, wishes: dict[str, Any]) -> Payer:
    """The card to charge: of a token, or of a customer (the named one, else the default one).

    Raises 404 for whatever is unknown, 400 `used_token`, `token_expired` or `missing_card`.
    """
    if wishes.get("source"):
        raise Refusal("not_imitated", "charges by source are not imitated")
    card_id = params.text(wishes, "card", "invalid_charge")
    customer_id = params.text(wishes, "customer", "invalid_charge")
    if customer_id:
        customer = customers.known(world, customer_id)
        wanted = card_id or customer.default_card
        if not wanted:
            raise Refusal("missing_card")  # the code is documented; that it is used here, assumed
        return Payer(customers.card_of(customer, wanted), customer.id)
    if card_id:
        return Payer(tokens.usable(world, card_id).card, None)
    raise Refusal("missing_card")


def _return_uri(wishes: dict[str, Any]) -> str | None:
    uri = params.text(wishes, "return_uri", "invalid_charge")
    if uri and not is_web_address(uri):
        raise Refusal("invalid_charge", "return uri is invalid")
    return uri or None


def _authorize_uri(call: Call) -> str:
    return f"{call.base_url}/payments/{call.world.new_id('paym')}/authorize"


def _metadata(wishes: dict[str, Any]) -> dict[str, Any] | None:
    value = wishes.get("metadata")
    if value is not None and value != "" and not isinstance(value, dict):
        raise Refusal("invalid_charge", "Metadata should be a JSON hash")
    return value or None


def _expires_at(wishes: dict[str, Any], now: int) -> int:
    asked = params.moment(wishes, "expires_at", "invalid_charge")
    if asked is None:
        return now + HOLD
    if asked <= now:
        raise Refusal("invalid_charge", "expires at must be in the future")  # words assumed
    return asked


def _authorization_type(wishes: dict[str, Any]) -> str | None:
    wanted = wishes.get("authorization_type") or None
    if wanted not in AUTHORIZATION_TYPES:
        params.refuse("authorization_type", "invalid_charge")
    return wanted


def _webhook_endpoints(wishes: dict[str, Any]) -> tuple[str, ...]:
    """At most two addresses (docs); http is accepted besides https, for servers on this machine."""
    endpoints = params.listing(wishes, "webhook_endpoints")
    good = all(isinstance(uri, str) and is_web_address(uri) for uri in endpoints)
    if not good or len(endpoints) > MOST_ENDPOINTS:
        params.refuse("webhook_endpoints", "bad_request")
    return tuple(endpoints)


def _platform_fee(wishes: dict[str, Any]) -> dict[str, Any] | None:
    fee = params.mapping(wishes, "platform_fee", "invalid_charge")
    return {name: fee.get(name) for name in ("fixed", "amount", "percentage")} if fee else None
