"""Cookies signed before the clock was set back stay valid; forged and old ones are not."""

import pytest
from itsdangerous import BadSignature, SignatureExpired

from storefront.web.signing import ClockTolerantSigner

HOUR = 3600


class SignerOfAnotherTime(ClockTolerantSigner):
    """Signs by a clock that is ahead or late."""

    ahead = 0

    def get_timestamp(self):
        """The time of that clock."""
        return super().get_timestamp() + self.ahead


def signed(ahead):
    signer = SignerOfAnotherTime("key")
    signer.ahead = ahead
    return signer.sign("cart")


@pytest.mark.parametrize("ahead", [HOUR, 0, -HOUR + 60])
def test_cookie_is_valid(ahead):
    assert ClockTolerantSigner("key").unsign(signed(ahead), max_age=HOUR) == b"cart"


def test_old_cookie_has_expired():
    with pytest.raises(SignatureExpired):
        ClockTolerantSigner("key").unsign(signed(-HOUR - 60), max_age=HOUR)


def test_forged_cookie_from_the_future_is_rejected():
    with pytest.raises(BadSignature):
        ClockTolerantSigner("other key").unsign(signed(HOUR), max_age=HOUR)


def test_sessions_of_the_shop_are_signed_so(app):
    serializer = app.session_interface.get_signing_serializer(app)

    assert serializer.signer is ClockTolerantSigner


def test_replaced_secret_key_still_reads_the_cookies_that_it_signed(app):
    signed = app.session_interface.get_signing_serializer(app).dumps("cart")
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "another secret key of 32 letters"

    serializer = app.session_interface.get_signing_serializer(app)

    assert serializer.loads(signed) == "cart"
    assert serializer.dumps("cart").rpartition(".")[2] != signed.rpartition(".")[2]


def test_dropped_secret_key_reads_no_cookie(app):
    signed = app.session_interface.get_signing_serializer(app).dumps("cart")
    app.config["SECRET_KEY"] = "another secret key of 32 letters"

    with pytest.raises(BadSignature):
        app.session_interface.get_signing_serializer(app).loads(signed)
