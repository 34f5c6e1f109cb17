"""Shoppers with a mug in the cart, made without a request for each."""

import secrets

from storefront.factory import COOKIE_NAME


class Sessions:
    """The sessions of an app of the shop: one is begun, and the others are copies of it."""

    def __init__(self, app):
        self._app = app
        client = app.test_client()
        page = client.get("/login").get_data(as_text=True)
        self.csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
        client.post("/cart", data={"csrf_token": self.csrf, "sku": "mug"})
        with client.session_transaction() as session:
            self._begun = dict(session)

    def cookie(self):
        """The cookie of another shopper, with a cart of their own."""
        cart = {**self._begun["cart"], "key": secrets.token_urlsafe(12)}
        session = {**self._begun, "cart": cart, "key": secrets.token_hex(8)}
        signer = self._app.session_interface.get_signing_serializer(self._app)
        return f"{COOKIE_NAME}={signer.dumps(session)}"
