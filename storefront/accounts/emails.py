"""Email addresses in the form in which they are stored and compared."""

from email_validator import EmailNotValidError, validate_email

from storefront.errors import InvalidForm
from storefront.payments.i18n import gettext_noop as _


def normalize_email(text: str) -> str:
    """The address in lower case, checked for its syntax.

    Raises:
        InvalidForm: if it is not an email address.
    """
    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        message = _("Enter a valid email address, like name@example.com.")
        raise InvalidForm({"email": message}) from None
    return address.normalized.lower()
