"""What the pages of the shop show and send, and which headers they have."""

from urllib.parse import urlsplit

from omise_sandbox.examine.case import Case
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.verdicts import NotTried, Verdict


def _secret_key(case: Case) -> None:
    answer = case.buys()
    pages = [page for page in (*case.buyer.pages, answer) if page.text]
    if not pages:
        raise NotTried("the recipe opens no page")
    if any(case.world.secret_key in page.text for page in pages):
        case.finds(Verdict.UNSAFE, "a page of the shop contains the secret key")


def _card_data(case: Case) -> None:
    case.buys()
    if leaks := case.buyer.leaks():
        case.finds(Verdict.UNSAFE, f"card data reached the shop: {', '.join(leaks)}")


def _csp(case: Case) -> None:
    policies = _header(case, "Content-Security-Policy")
    if policies and all(map(_lets_inline_scripts_run, policies.split(","))):
        case.finds(Verdict.UNSAFE, "the Content-Security-Policy lets every inline script run")


def _hsts(case: Case) -> None:
    if urlsplit(case.recipe.shop).scheme != "https":
        raise NotTried("the shop is not at https")
    _header(case, "Strict-Transport-Security")


def _header(case: Case, name: str) -> str:
    """A header of the payment page, which must have it."""
    case.buyer.prepares()
    if not case.buyer.pages:
        raise NotTried("the recipe opens no payment page")
    value = case.buyer.pages[-1].headers.get(name.lower(), "")
    if not value:
        case.finds(Verdict.UNSAFE, f"the payment page has no {name}")
    return value


def _lets_inline_scripts_run(policy: str) -> bool:
    """Whether it does for every script; browsers ignore 'unsafe-inline' beside a nonce or hash."""
    directives = [part.lower().split() for part in policy.split(";")]
    sources = {words[0]: tuple(words[1:]) for words in reversed(directives) if words}
    scripts = sources.get("script-src", sources.get("default-src", ("'unsafe-inline'",)))
    is_strict = any(source.startswith(("'nonce-", "'sha", "'strict-")) for source in scripts)
    return "'unsafe-inline'" in scripts and not is_strict


SCENARIOS = (
    Scenario(
        "secret-key-in-a-page",
        "The secret key never leaves the server.",
        "docs.omise.co/api-authentication",
        "Send only the public key to the browser, and replace the secret key now.",
        _secret_key,
    ),
    Scenario(
        "card-data-at-the-shop",
        "A card number or security code never reaches the shop's server.",
        "PCI DSS 4.0.1, SAQ A",
        "Make the token in the browser with Omise.js, and give the card fields no name.",
        _card_data,
    ),
    Scenario(
        "payment-page-without-csp",
        "The payment page says which scripts may run.",
        "PCI DSS 4.0.1, requirement 6.4.3",
        "Send a Content-Security-Policy that allows only your scripts and Omise.js.",
        _csp,
    ),
    Scenario(
        "payment-page-without-hsts",
        "A shop at https is never opened over http.",
        "RFC 6797",
        "Send Strict-Transport-Security with every page.",
        _hsts,
    ),
)
