"""The card form in templates: what `omise` stands for there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .i18n import gettext_noop
from .settings import PaymentSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Presentation:
    """How a host shows the card form."""

    #: A message of the engine or of the host in the language of the page.
    translate: Callable[[str], str]
    #: The language of the page, such as "th".
    language: Callable[[], str]
    #: The URL of a file in `static/`.
    asset: Callable[[str], str]
    #: The name of the shop; Omise's pop-up shows it.
    label: str = ""


class Kind(NamedTuple):
    """One kind of card form: its custom element and the script that defines it."""

    element: str
    script: str
    #: The names of fields → the ids of their inputs, for the links of the error summary.
    places: Mapping[str, str]


_OWN_FIELDS = {
    "token": "card-number",
    "number": "card-number",
    "expiry": "card-expiry",
    "security_code": "card-security-code",
    "name": "card-name",
}

#: The kinds of card form, by the setting `card_form`.
KINDS = {
    "own": Kind("omise-card-form", "card-form.js", _OWN_FIELDS),
    "popup": Kind("omise-popup", "omise-popup.js", {"token": "omise-form"}),
    "embedded": Kind("omise-embedded", "omise-embedded.js", {"token": "omise-form"}),
}


class CardForm:
    """`omise` in templates. It contains no secret.

    `omise.card_form(action=…, label=…)` is the whole form; the macros in
    templates/omise/card_form.html are its parts, and read the attributes.
    """

    def __init__(
        self,
        settings: Callable[[], PaymentSettings],
        presentation: Presentation,
        render: Callable[..., object],
    ) -> None:
        self._settings = settings
        self._presentation = presentation
        self._render = render

    def card_form(self, **options: object) -> object:
        """The complete card form, as markup.

        Args:
            options: `action`, the URL that receives the token; `label` of the button; `error`, a
                message about the last attempt; `amount` and `currency`, which Omise's pop-up shows;
                `save_card`, whether to offer to save the card.
        """
        return self._render(**options)

    def gettext(self, message: str, **params: object) -> str:
        """A message in the language of the page."""
        if params:
            message = gettext_noop(message, **params)
        return self._presentation.translate(message)

    def asset(self, path: str) -> str:
        """The URL of a file in `static/`."""
        return self._presentation.asset(path)

    def language(self) -> str:
        """The language of the page."""
        return self._presentation.language()

    @property
    def label(self) -> str:
        """The name of the shop."""
        return self._presentation.label

    @property
    def kind(self) -> str:
        """How the card is entered: own, popup or embedded."""
        return self._settings().card_form

    @property
    def element(self) -> str:
        """The custom element around the form."""
        return KINDS[self.kind].element

    @property
    def script(self) -> str:
        """The script that defines the element."""
        return KINDS[self.kind].script

    @property
    def places(self) -> Mapping[str, str]:
        """The ids of the inputs, by the names of their fields."""
        return KINDS[self.kind].places

    @property
    def public_key(self) -> str:
        """The public key, which creates tokens."""
        return self._settings().public_key

    @property
    def js_url(self) -> str:
        """The address of Omise.js."""
        return self._settings().js_url

    @property
    def is_test(self) -> bool:
        """Whether no real money moves."""
        return not self._settings().livemode
