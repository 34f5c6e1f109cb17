"""Email addresses in the form in which they are stored and compared."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from storefront.errors import InvalidForm
from storefront.payments.i18n import gettext_noop as _

#: Providers that gave out addresses with dots side by side or before the @, which are still in use.
DOTS_ANYWHERE = frozenset({"docomo.ne.jp", "ezweb.ne.jp"})


def normalize_email(text: str) -> str:
    """The address in lower case and composed letters, its domain in Unicode; its syntax is checked.

    Full-width letters, as a Japanese keyboard writes them, are the same as others.

    Raises:
        InvalidForm: if it is not an email address.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    local, _at, domain = typed.rpartition("@")
    checked = typed
    if domain.lower() in DOTS_ANYWHERE:
        checked = f"{'.'.join(filter(None, local.split('.')))}@{domain}"
    try:
        address = validate_email(checked, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        message = _("Enter a valid email address, like name@example.com.")
        raise InvalidForm({"email": message}) from None
    normalized = address.normalized if checked == typed else typed
    return unicodedata.normalize("NFC", normalized.lower())


def comparable_email(text: str) -> str:
    """What was typed, in the form in which addresses are compared, even if it is no address."""
    try:
        return normalize_email(text)
    except InvalidForm:
        return text.strip().lower()
