"""The account, its balance and its capability (docs.omise.co/account-api)."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.account import serialize_account, serialize_capability
from omise_sandbox.serializers.transactions import serialize_balance
from omise_sandbox.storage.settings import is_web_address

#: Parameter of `PATCH /account` → setting of the world.
CHANGEABLE = {
    "chain_enabled": "chain_enabled",
    "chain_return_uri": "chain_return_uri",
    "metadata_export_keys": "metadata_export_keys",
    "webhook_uri": "webhook_url",
    "zero_interest_installments": "zero_interest_installments",
}


def retrieve(call: ApiCall) -> Json:
    """GET /account."""
    return serialize_account(call.world)


def update(call: ApiCall) -> Json:
    """PATCH /account: webhook URL, chains, exported metadata, interest. 400 for an invalid one.

    An empty `webhook_uri` stops webhooks.
    """
    uri = param_types.text(call.params, "webhook_uri")
    if uri and not is_web_address(uri):
        param_types.reject("webhook_uri", "bad_request")
    params = {CHANGEABLE[name]: value for name, value in call.params.items() if name in CHANGEABLE}
    call.world.update_settings(params)
    return serialize_account(call.world)


def capability(call: ApiCall) -> Json:
    """GET /capability, with either key."""
    return serialize_capability(call.world)


def balance(call: ApiCall) -> Json:
    """GET /balance: the net of all captures, less refunds."""
    return serialize_balance(call.world)
