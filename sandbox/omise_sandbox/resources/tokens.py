"""Tokens: the two calls of the vault, and the life cycle of a token.

Life cycle from the brief: active, then used (by a charge, even a failed one, or by a customer) or
expired after 30 minutes; both are final.
"""

import re
from sys import intern
from typing import Any

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.card_checks import ValidCard, validate_card
from omise_sandbox.rules.cards import BEHAVIOURS, BRANDS, behaviour_of, fingerprint
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.cards import serialize_token
from omise_sandbox.storage.clock import MINUTE
from omise_sandbox.storage.records import Card, Token
from omise_sandbox.storage.world import World

LIFETIME = 30 * MINUTE
ADDRESS = ("street1", "street2", "city", "state", "phone_number", "postal_code")
ADDRESS_FIELDS = {*ADDRESS, "country"}
WALLETS = ("googlepay", "applepay")
#: The card in every wallet (assumed): number and expiry year.
WALLET_CARD = ValidCard("4242424242424242", BRANDS[0], "", 12, 2099, has_security_code=True)


def create(call: ApiCall) -> Json:
    """POST /tokens: a token for `card[…]`, or for `tokenization[…]` of a wallet.

    Raises `ApiError` in the form of the dialect; 400 `missing_card` without either.
    """
    wallet = param_types.mapping(call.params, "tokenization")
    fields = param_types.mapping(call.params, "card", code="invalid_card")
    if wallet:
        token = _wallet_token(call.world, wallet)
    elif fields:
        token = _card_token(call.world, fields)
    else:
        raise ApiError("missing_card")
    call.world.save(token)
    return serialize_token(call.world, token, call.base_url)


def retrieve(call: ApiCall) -> Json:
    """GET /tokens/:id: used and expired ones too. 404 for an unknown one."""
    return serialize_token(call.world, find(call.world, call.ids[0]), call.base_url)


def find(world: World, token_id: str) -> Token:
    """The token. Raises the 404 of the dialect."""
    token = world.store.tokens.get(token_id)
    if token is None:
        raise not_found("token", token_id, world.dialect.unknown_token)
    return token


def usable(world: World, token_id: str) -> Token:
    """The token, if it can still be used. Raises 404, 400 `used_token` or 400 `token_expired`."""
    token = find(world, token_id)
    if token_id in world.store.used_by:
        raise ApiError("used_token")
    if world.now() >= token.created_at + LIFETIME:
        raise ApiError("token_expired")
    return token


def _card_token(world: World, fields: Json) -> Token:
    card = validate_card(fields, world.now(), world.dialect)
    return _token(world, card, _address(fields), has_email=bool(fields.get("email")))


def _wallet_token(world: World, wallet: Json) -> Token:
    """Source of the parameters: omise-woocommerce; the card of the wallet is assumed."""
    method = wallet.get("method")
    if method not in WALLETS:
        raise ApiError("bad_request", "tokenization method is currently not supported")
    if not wallet.get("data"):
        raise ApiError("bad_request", "tokenization data can't be blank")
    billing = {name.removeprefix("billing_"): value for name, value in wallet.items()}
    card = WALLET_CARD._replace(name=str(billing.get("name") or ""))
    return _token(world, card, _address(billing), method)


def _token(
    world: World,
    good: ValidCard,
    address: dict[str, str] | None,
    wallet: str | None = None,
    *,
    has_email: bool = False,
) -> Token:
    now, behaviour = world.now(), behaviour_of(good.number)
    card_id, token_id = world.new_id("card"), world.new_id("tokn")
    card = Card(
        id=card_id,
        created_at=now,
        token=token_id,
        brand=good.brand.name,
        last_digits=intern(good.number[-4:]),
        fingerprint=fingerprint(good.number, world.keys.secret),
        name=good.name,
        expiration_month=good.month,
        expiration_year=good.year,
        behaviour=behaviour,
        security_code_check=good.has_security_code and BEHAVIOURS[behaviour].security_code_good,
        address=address,
        tokenization_method=wallet,
        has_email=has_email,
    )
    return Token(token_id, now, card)


def _address(fields: dict[str, Any]) -> dict[str, str] | None:
    """The given parts of the billing address; a country only as two letters, in lower case."""
    if ADDRESS_FIELDS.isdisjoint(fields):
        return None
    address = {name: text for name in ADDRESS if (text := param_types.text(fields, name))}
    country = (param_types.text(fields, "country") or "").lower()
    if re.fullmatch("[a-z]{2}", country):
        address["country"] = country
    return address or None
