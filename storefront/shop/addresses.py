"""Delivery addresses: what a shopper enters, checked field by field."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic import StringConstraints as Text

from storefront.errors import InvalidForm
from storefront.payments.i18n import gettext_noop as _

#: How the names of the fields begin in a form; in JSON they are those of the object `shipping`.
PREFIX = "shipping_"

#: Lengths and codes fit every country; a field that is too strict loses an order.
POSTAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,10}[A-Z0-9]")
PHONE = re.compile(r"\+?[0-9 ().-]{6,24}")
FEWEST_DIGITS, MOST_DIGITS = 6, 15

#: What a shopper reads when a field is empty, and when it is not valid.
MISSING = {
    "name": _("Enter your full name."),
    "address": _("Enter your address."),
    "city": _("Enter your city."),
    "postal_code": _("Enter your postal code."),
    "country": _("Choose your country."),
    "phone": _("Enter your phone number."),
}
WRONG = {
    "name": _("Enter a name of at most 100 characters."),
    "address": _("Enter an address of at most 200 characters."),
    "city": _("Enter a city of at most 100 characters."),
    "postal_code": _("Enter a postal code, like 10110."),
    "country": _("We do not deliver to this country. Choose another one."),
    "phone": _("Enter a phone number, like 081 234 5678 or +66 81 234 5678."),
}


def _plain(value: object) -> object:
    """The text with ASCII digits and letters, as Thai and Japanese keyboards write others."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFKC", value)
    return "".join(str(unicodedata.digit(char, char)) for char in text)


def _printable(value: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in value):
        raise ValueError("has control characters")
    return value


def _one_line(value: str) -> str:
    if "\n" in value:
        raise ValueError("has several lines")
    return value


def _postal_code(value: str) -> str:
    if not POSTAL_CODE.fullmatch(value.upper()):
        raise ValueError("is no postal code")
    return value.upper()


def _phone(value: str) -> str:
    digits = sum(char.isdecimal() for char in value)
    if not PHONE.fullmatch(value) or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise ValueError("is no phone number")
    return value


_Line = Annotated[
    str, Text(min_length=1, max_length=100), AfterValidator(_printable), AfterValidator(_one_line)
]
_Lines = Annotated[
    str,
    BeforeValidator(lambda value: value.replace("\r\n", "\n") if isinstance(value, str) else value),
    Text(min_length=1, max_length=200),
    AfterValidator(_printable),
]
_Code = Annotated[str, BeforeValidator(_plain), Text(min_length=1)]


class Address(BaseModel):
    """Where an order is delivered. The country is a code of ISO 3166-1, such as TH."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: _Line
    #: Street and house, in one or more lines.
    address: _Lines
    city: _Line
    postal_code: Annotated[_Code, AfterValidator(_postal_code)]
    country: Annotated[str, Text(min_length=1)]
    phone: Annotated[_Code, AfterValidator(_phone)]

    @classmethod
    def parse(cls, fields: Mapping[str, Any], countries: Collection[str]) -> "Address":
        """The address in some fields.

        Args:
            fields: the fields by their names here.
            countries: the codes of the countries that the shop delivers to.

        Raises:
            InvalidForm: with a message for each field that is not valid, by its name in a form.
        """
        wrong: dict[str, str] = {}
        try:
            address = cls.model_validate({name: fields.get(name, "") for name in cls.model_fields})
        except ValidationError as error:
            wrong = {str(fault["loc"][0]): fault["type"] for fault in error.errors()}
        country = fields.get("country")
        if "country" not in wrong and country not in countries:
            wrong["country"] = "unknown"
        if wrong:
            raise InvalidForm(
                {
                    PREFIX + name: (MISSING if wrong[name] == "string_too_short" else WRONG)[name]
                    for name in cls.model_fields
                    if name in wrong
                }
            )
        return address

    @property
    def lines(self) -> list[str]:
        """Everything but the country and the phone, as lines of a label."""
        return [self.name, *self.address.splitlines(), f"{self.city} {self.postal_code}"]


#: The names of the fields in a form.
FIELDS = tuple(PREFIX + name for name in Address.model_fields)
