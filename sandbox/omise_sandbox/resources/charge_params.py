"""Reads the parameters of a new charge and checks them (docs.omise.co/charges-api)."""

from hashlib import blake2b
from typing import Any

from omise_sandbox.resources.api_call import Call
from omise_sandbox.resources.payment_sources import Payer, payer_of
from omise_sandbox.rules import param_types
from omise_sandbox.rules.countries import COUNTRIES
from omise_sandbox.rules.errors import Refusal, joined
from omise_sandbox.rules.money import CURRENCIES, converted
from omise_sandbox.storage.ids import keyed
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.settings import is_web_address
from omise_sandbox.storage.world import World

AUTHORIZATION_TYPES = (None, "pre_auth", "final_auth")
MOST_ENDPOINTS = 2


def new_charge(call: Call) -> Charge:
    """A charge that waits for the bank, not yet saved. Raises `Refusal` if anything is wrong."""
    world, wishes, now = call.world, call.params, call.world.now()
    amount, currency = _money(world, wishes)
    return_uri = _return_uri(wishes)
    metadata = _metadata(wishes)
    capture = param_types.flag(wishes, "capture", default=True)
    endpoints = _webhook_endpoints(wishes)
    authorization_type = _authorization_type(wishes)
    platform_fee = _platform_fee(wishes)
    payer = payer_of(call, amount, currency)
    _check_way(payer, return_uri, capture)
    expires_at = _expires_at(world, wishes, payer)
    funding_currency = world.settings.currency
    charge_id = world.new_id("chrg")
    return Charge(
        id=charge_id,
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
        description=param_types.text(wishes, "description"),
        metadata=metadata,
        ip=param_types.text(wishes, "ip"),
        return_uri=return_uri,
        authorize_uri=_authorize_uri(call, payer) if return_uri else None,
        authorization_type=authorization_type,
        webhook_endpoints=endpoints,
        platform_fee=platform_fee,
        source=payer.source,
        picture_uri=_picture_uri(call, charge_id, payer),
    )


def _check_way(payer: Payer, return_uri: str | None, capture: bool) -> None:
    """A page needs a way back (docs). That a source cannot be captured later is assumed."""
    if payer.method and payer.method.has_page and not return_uri:
        raise Refusal("invalid_charge", "return uri is invalid")
    if payer.source and not capture:
        raise Refusal("invalid_charge", "capture must be true for this source")


def _money(world: World, wishes: dict[str, Any]) -> tuple[int, str]:
    """Amount and currency; problems with both are told together, currency first."""
    currency = param_types.text(wishes, "currency", "invalid_charge")
    if not currency and world.dialect.currency_may_be_left_out:
        currency = world.settings.currency
    currency = (currency or "").upper()
    problems = []
    if currency not in CURRENCIES:
        problems.append("currency is currently not supported")
    amount = param_types.integer(wishes, "amount")
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


def _return_uri(wishes: dict[str, Any]) -> str | None:
    uri = param_types.text(wishes, "return_uri", "invalid_charge")
    if uri and not is_web_address(uri):
        raise Refusal("invalid_charge", "return uri is invalid")
    return uri or None


def _authorize_uri(call: Call, payer: Payer) -> str | None:
    """The page of the bank or wallet; what is paid by a code has none, even with a return_uri."""
    if payer.method and not payer.method.has_page:
        return None
    world = call.world
    payment = keyed(world.new_id("pay2" if payer.source else "paym"), world.keys.secret)
    return f"{call.base_url}/payments/{payment}/authorize"


def _picture_uri(call: Call, charge_id: str, payer: Payer) -> str | None:
    """Where the code to pay by will be, for methods that have one. Form recorded (omise-swift)."""
    if payer.method is None or not (payer.method.code or payer.method.reference == "bill"):
        return None
    document, secret = call.world.new_id("docu"), call.world.keys.secret.encode()[:64]
    name = blake2b(document.encode(), key=secret, digest_size=8).hexdigest().upper()
    return f"{call.base_url}/charges/{charge_id}/documents/{document}/downloads/{name}"


def _metadata(wishes: dict[str, Any]) -> dict[str, Any] | None:
    value = wishes.get("metadata")
    if value is not None and value != "" and not isinstance(value, dict):
        raise Refusal("invalid_charge", "Metadata should be a JSON hash")
    return value or None


def _expires_at(world: World, wishes: dict[str, Any], payer: Payer) -> int:
    """As asked; else when the hold on a card lapses, or the source's own time is up."""
    now, country = world.now(), COUNTRIES[world.settings.country]
    asked = param_types.moment(wishes, "expires_at", "invalid_charge")
    if asked is None:
        return now + (payer.method.lasts if payer.method else country.hold)
    if asked <= now:
        raise Refusal("invalid_charge", "expires at must be in the future")  # words assumed
    return asked


def _authorization_type(wishes: dict[str, Any]) -> str | None:
    wanted = wishes.get("authorization_type") or None
    if wanted not in AUTHORIZATION_TYPES:
        param_types.refuse("authorization_type", "invalid_charge")
    return wanted


def _webhook_endpoints(wishes: dict[str, Any]) -> tuple[str, ...]:
    """At most two addresses (docs); http is accepted besides https, for servers on this machine."""
    endpoints = param_types.listing(wishes, "webhook_endpoints")
    if not endpoints:
        return ()
    good = all(isinstance(uri, str) and is_web_address(uri) for uri in endpoints)
    if not good or len(endpoints) > MOST_ENDPOINTS:
        param_types.refuse("webhook_endpoints", "bad_request")
    return tuple(endpoints)


def _platform_fee(wishes: dict[str, Any]) -> dict[str, Any] | None:
    fee = param_types.mapping(wishes, "platform_fee", "invalid_charge")
    return {name: fee.get(name) for name in ("fixed", "amount", "percentage")} if fee else None
