"""The account, its balance and its capability (docs.omise.co/account-api)."""

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.account import account_shape, capability_shape
from omise_sandbox.serializers.transactions import balance_shape
from omise_sandbox.storage.settings import is_web_address

#: What `PATCH /account` takes → the setting of the world that it changes.
CHANGEABLE = {
    "chain_enabled": "chain_enabled",
    "chain_return_uri": "chain_return_uri",
    "metadata_export_keys": "metadata_export_keys",
    "webhook_uri": "webhook_url",
    "zero_interest_installments": "zero_interest_installments",
}


def retrieve(call: Call) -> Json:
    """GET /account."""
    return account_shape(call.world)


def update(call: Call) -> Json:
    """PATCH /account: webhook address, chains, exported metadata, interest. 400 for a bad one.

    An empty `webhook_uri` stops webhooks.
    """
    uri = param_types.text(call.params, "webhook_uri")
    if uri and not is_web_address(uri):
        param_types.refuse("webhook_uri", "bad_request")
    wishes = {CHANGEABLE[name]: wish for name, wish in call.params.items() if name in CHANGEABLE}
    call.world.change(wishes)
    return account_shape(call.world)


def capability(call: Call) -> Json:
    """GET /capability, with either key."""
    return capability_shape(call.world)


def balance(call: Call) -> Json:
    """GET /balance: the nets of what was captured, less refunds."""
    return balance_shape(call.world)
