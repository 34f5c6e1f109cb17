"""Reads and validates the parameters of a new charge (docs.omise.co/charges-api)."""

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from sys import intern
from typing import Any

from omise_sandbox.resources.api_call import ApiCall
from omise_sandbox.resources.payment_sources import PaymentSource, read_payment_source
from omise_sandbox.rules import param_types
from omise_sandbox.rules.countries import COUNTRIES
from omise_sandbox.rules.errors import ApiError, join_messages
from omise_sandbox.rules.money import CURRENCIES, convert
from omise_sandbox.storage.ids import keyed
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.settings import is_web_address
from omise_sandbox.storage.world import World

AUTHORIZATION_TYPES = (None, "pre_auth", "final_auth")
MAX_ENDPOINTS = 2


def new_charge(call: ApiCall) -> Charge:
    """A new charge that waits for the bank, not yet stored. Raises `ApiError`."""
    world, params, now = call.world, call.params, call.world.now()
    authentication = _authentication(params)  # first: a passkey may come with an amount of 0
    amount, currency = _money(world, params)
    given = {name: read(params) for name, read in OPTIONAL.items() if name in params}
    return_uri = given.get("return_uri")
    payment_source = read_payment_source(call, amount, currency)
    _check_return_uri(payment_source, return_uri)
    capture = _capture(params, payment_source)
    expires_at = _expires_at(world, params, payment_source, now)
    funding_currency = world.settings.currency
    charge_id = world.new_id("chrg")
    return Charge(
        id=charge_id,
        created_at=now,
        amount=amount,
        currency=currency,
        funding_amount=convert(amount, currency, funding_currency),
        funding_currency=funding_currency,
        state="waiting",
        capture=capture,
        captured_amount=amount if capture else 0,
        expires_at=expires_at,
        card=payment_source.card,
        customer=payment_source.customer,
        authorize_uri=_authorize_uri(call, payment_source) if return_uri else None,
        source=payment_source.source,
        picture_uri=_picture_uri(call, charge_id, payment_source),
        three_ds=authentication,
        **given,
    )


def _check_return_uri(payment_source: PaymentSource, return_uri: str | None) -> None:
    """A page needs a return_uri (docs)."""
    if payment_source.method and payment_source.method.has_page and not return_uri:
        raise ApiError("invalid_charge", "return uri is invalid")


def _capture(params: dict[str, Any], payment_source: PaymentSource) -> bool:
    """Whether to capture at once; a source always is (assumed: omise-java sends false for all)."""
    capture = param_types.flag(params, "capture", default=True)
    return capture or payment_source.source is not None


def _authentication(params: dict[str, Any]) -> bool:
    """Whether the charge asks for 3-D Secure. Raises 501 for a passkey."""
    wanted = param_types.text(params, "authentication", "invalid_charge")
    if wanted not in (None, "", "3DS"):
        message = f"authentication {wanted} is not supported at POST /charges"
        raise ApiError("not_imitated", message)
    return bool(wanted)


def _money(world: World, params: dict[str, Any]) -> tuple[int, str]:
    """Amount and currency; problems with both are joined, currency first."""
    currency = param_types.text(params, "currency", "invalid_charge")
    if not currency and world.dialect.currency_may_be_left_out:
        currency = world.settings.currency
    currency = intern((currency or "").upper())
    problems = []
    if currency not in CURRENCIES:
        problems.append("currency is currently not supported")
    amount = param_types.integer(params, "amount")
    if amount is None and _is_fraction(params.get("amount")) and not problems:
        raise ApiError("invalid_amount")
    if amount is None:
        problems.append("amount is not a number")
    if problems or amount is None:
        raise ApiError("invalid_charge", join_messages(problems))
    return _within_limits(amount, currency), currency


def _is_fraction(value: object) -> bool:
    """Whether the value is a number but not an integer."""
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
    raise ApiError("invalid_charge", f"amount must be {bound} {unit}")


def _return_uri(params: dict[str, Any]) -> str | None:
    uri = param_types.text(params, "return_uri", "invalid_charge")
    if uri and not is_web_address(uri):
        raise ApiError("invalid_charge", "return uri is invalid")
    return uri or None


def _authorize_uri(call: ApiCall, payment_source: PaymentSource) -> str | None:
    """The page of the bank or wallet; a method paid by code has none, even with a return_uri."""
    if payment_source.method and not payment_source.method.has_page:
        return None
    world = call.world
    payment = keyed(world.new_id("pay2" if payment_source.source else "paym"), world.keys.secret)
    return f"{call.base_url}/payments/{payment}/authorize"


def _picture_uri(call: ApiCall, charge_id: str, payment_source: PaymentSource) -> str | None:
    """The URL of the QR image, for methods that have one. Format recorded (omise-swift)."""
    if payment_source.method is None or not (
        payment_source.method.code or payment_source.method.reference == "bill"
    ):
        return None
    document, secret = call.world.new_id("docu"), call.world.keys.secret.encode()[:64]
    name = blake2b(document.encode(), key=secret, digest_size=8).hexdigest().upper()
    return f"{call.base_url}/charges/{charge_id}/documents/{document}/downloads/{name}"


def _metadata(params: dict[str, Any]) -> dict[str, Any] | None:
    value = params.get("metadata")
    if value is not None and value != "" and not isinstance(value, dict):
        raise ApiError("invalid_charge", "Metadata should be a JSON hash")
    return value or None


def _expires_at(
    world: World, params: dict[str, Any], payment_source: PaymentSource, now: int
) -> int:
    """The requested time; by default the lifetime of an authorization or of the source."""
    asked = param_types.moment(params, "expires_at", "invalid_charge")
    if asked is None:
        method = payment_source.method
        return now + (method.lasts if method else COUNTRIES[world.settings.country].hold)
    asked = world.clock.from_machine(asked)
    if asked <= now:
        raise ApiError("invalid_charge", "expires at must be in the future")  # message assumed
    return asked


def _authorization_type(params: dict[str, Any]) -> str | None:
    wanted = params.get("authorization_type") or None
    if wanted not in AUTHORIZATION_TYPES:
        param_types.reject("authorization_type", "invalid_charge")
    return wanted


def _webhook_endpoints(params: dict[str, Any]) -> tuple[str, ...]:
    """At most two URLs (docs); http is accepted besides https, for local servers."""
    endpoints = param_types.listing(params, "webhook_endpoints")
    if not endpoints:
        return ()
    good = all(isinstance(uri, str) and is_web_address(uri) for uri in endpoints)
    if not good or len(endpoints) > MAX_ENDPOINTS:
        param_types.reject("webhook_endpoints", "bad_request")
    return tuple(endpoints)


def _platform_fee(params: dict[str, Any]) -> dict[str, Any] | None:
    fee = param_types.mapping(params, "platform_fee", "invalid_charge")
    return {name: fee.get(name) for name in ("fixed", "amount", "percentage")} if fee else None


#: The optional fields of a charge, in the order in which they are read.
OPTIONAL: dict[str, Callable[[dict[str, Any]], Any]] = {
    "return_uri": _return_uri,
    "metadata": _metadata,
    "webhook_endpoints": _webhook_endpoints,
    "authorization_type": _authorization_type,
    "platform_fee": _platform_fee,
    "description": partial(param_types.text, name="description"),
    "ip": partial(param_types.text, name="ip"),
    "statement_descriptor": partial(param_types.text, name="statement_descriptor"),
}
