"""The table of errors is complete, and its messages can be built."""

import inspect
from datetime import timedelta

import pytest
from werkzeug.exceptions import GatewayTimeout, ImATeapot, NotFound

from storefront import errors
from storefront.payments import errors as payments
from storefront.payments.money import Money
from storefront.web.error_pages import ERROR_PAGES, SERVER_ERROR, error_message, error_page

#: Errors with data; all others are created without arguments.
SAMPLES: dict[type[Exception], list[object]] = {
    errors.AmountChanged: [Money(39000, "THB")],
    errors.InvalidForm: [{"email": "Enter an email."}],
    errors.TooManyAttempts: [timedelta(seconds=90)],
    errors.PaymentsUnderWay: [timedelta(seconds=5)],
    errors.OutOfStock: ["Stoneware mug", 2],
    errors.StockOnHold: ["Brass lamp"],
    errors.StockAtTheBank: ["Brass lamp", timedelta(minutes=30)],
    errors.StockUnderWay: ["Brass lamp", timedelta(minutes=30)],
    payments.CardNotSaved: ["This card was declined."],
    payments.OperationAmountInvalid: [Money(39000, "THB")],
}

#: Errors that never reach a client.
INTERNAL = {
    errors.StorefrontError,
    errors.BrowserMissing,
    payments.InvalidSetting,
    payments.InvalidTransition,
    payments.PaymentRefused,
    payments.RetryShortly,
    payments.UncommittedTransaction,
}


def classes_of(module):
    return {
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, Exception) and cls.__module__ == module.__name__
    }


ERRORS = (classes_of(errors) | classes_of(payments)) - INTERNAL


def test_every_error_has_an_entry():
    inherited = {errors.EmailTaken, errors.StockUnderWay}  # have the entry of their base class

    assert ERRORS - set(ERROR_PAGES) == inherited


@pytest.mark.parametrize("error_class", sorted(ERRORS, key=str))
def test_every_error_has_a_message(app, error_class):
    error = error_class(*SAMPLES.get(error_class, []))

    with app.test_request_context():
        assert error_message(error)
    assert 400 <= error_page(error).status < 600


@pytest.mark.parametrize(
    ("seconds", "when"), [(1, "1 minute."), (60, "1 minute."), (61, "2 minutes."), (0, "1 minute.")]
)
def test_pause_is_rounded_up_to_minutes(app, seconds, when):
    with app.test_request_context():
        message = error_message(errors.TooManyAttempts(timedelta(seconds=seconds)))

    assert message.endswith(f"Try again in {when}")


@pytest.mark.parametrize(("left", "text"), [(2, "only 2 left"), (0, "sold out")])
def test_out_of_stock_names_the_product_and_what_is_left(app, left, text):
    with app.test_request_context():
        message = error_message(errors.OutOfStock("Stoneware mug", left))

    assert "Stoneware mug" in message
    assert text in message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound(), "not_found"),
        (ImATeapot(), "refused"),
        (GatewayTimeout(), "server_error"),
        (ZeroDivisionError(), "server_error"),
    ],
)
def test_error_without_an_entry_has_that_of_its_base_class(error, code):
    assert error_page(error).code == code


def test_unexpected_error_shows_no_details(app):
    with app.test_request_context():
        message = error_message(ZeroDivisionError("secret"))

    assert message == SERVER_ERROR.message
