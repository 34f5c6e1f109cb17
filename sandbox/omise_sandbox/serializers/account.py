"""The account and its capability (fixtures of omise-php)."""

from hashlib import blake2b

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules.countries import COUNTRIES
from omise_sandbox.rules.money import CURRENCIES
from omise_sandbox.rules.source_types import MALAYSIAN_BANKS, SourceType, offered_in
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.ids import DIGITS
from omise_sandbox.storage.world import World

API_VERSION = "2019-05-29"
EMAIL = "merchant@sandbox.test"
CARD_BRANDS = ["JCB", "Visa", "MasterCard", "American Express", "UnionPay"]
WALLETS = ["googlepay", "applepay"]
#: Recorded for a Thai account; transfers are not supported.
TRANSFER_AMOUNT = {"max": 100_000_000_000, "min": 3_000}
TRANSFER_CONFIG = {
    "min_transfer_amount": "30.00",
    "max_transfer_amount": "1000000000.00",
    "same_bank_max_transfer_amount": "1000000000.00",
    "is_payout_enabled": False,
    "fee": "30.00",
    "provider": "",
    "merchant_id": "OPNK",
    "transfer_service_availability": None,
    "max_active_realtime_transfer_schedules": None,
}


def serialize_account(world: World) -> Json:
    """The account; its id derives from its secret key."""
    settings, mode = world.settings, "" if world.livemode else "test_"
    return {
        "object": "account",
        "id": f"account_{mode}{_tail('account', world)}",
        "team": f"acct_{_tail('team', world)}",
        "livemode": world.livemode,
        "location": "/account",
        "country": settings.country,
        "currency": settings.currency,
        "email": EMAIL,
        "created_at": iso(world.created_at),
        "supported_currencies": card_currencies(world),
        "api_version": API_VERSION,
        "auto_activate_recipients": False,
        "chain_enabled": settings.chain_enabled,
        "zero_interest_installments": settings.zero_interest_installments,
        "chain_return_uri": settings.chain_return_uri,
        "webhook_uri": settings.webhook_url,
        "metadata_export_keys": settings.metadata_export_keys,
        "chaining_allowed": True,
        "last_updated_api_version": iso(world.created_at)[:10],
        "transfer_config": TRANSFER_CONFIG,
    }


def serialize_capability(world: World) -> Json:
    """The methods that `POST /charges` and `POST /sources` accept; brands as recorded."""
    settings, country = world.settings, COUNTRIES[world.settings.country]
    limits = CURRENCIES[settings.currency]
    types = offered_in(settings.currency)
    return {
        "object": "capability",
        "location": "/capability",
        "banks": list(country.banks),
        "limits": {
            "charge_amount": {"max": limits.maximum, "min": limits.minimum},
            "transfer_amount": TRANSFER_AMOUNT,
            "installment_amount": {"min": country.installment_minimum or limits.minimum},
        },
        "payment_methods": [
            _method("card", card_currencies(world), card_brands=CARD_BRANDS),
            *(_source_method(name, kind, settings.currency) for name, kind in types.items()),
        ],
        "country": settings.country,
        "tokenization_methods": WALLETS,
        "zero_interest_installments": settings.zero_interest_installments,
    }


def card_currencies(world: World) -> list[str]:
    """The currencies of cards, the account's own first, as recorded for Thailand."""
    own = world.settings.currency
    return [own, *(currency for currency in CURRENCIES if currency != own)]


def _source_method(name: str, kind: SourceType, currency: str) -> Json:
    method = _method(name, [currency])
    method["installment_terms"] = list(kind.terms) if kind.terms else None
    method["loan_installment_terms"] = list(kind.loan_terms) if kind.loan_terms else None
    method["banks"] = MALAYSIAN_BANKS if "bank" in kind.needs else []
    return method


def _method(name: str, currencies: list[str], card_brands: list[str] | None = None) -> Json:
    return {
        "object": "payment_method",
        "name": name,
        "currencies": currencies,
        "card_brands": card_brands,
        "installment_terms": None,
        "loan_installment_terms": None,
        "banks": [],
        "provider": None,
    }


def _tail(kind: str, world: World) -> str:
    """19 characters, constant for the account."""
    key = world.keys.secret.encode()[:64]
    number = int.from_bytes(blake2b(kind.encode(), key=key, digest_size=16).digest())
    return "".join(DIGITS[number // 36**place % 36] for place in range(19))
