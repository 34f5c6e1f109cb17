"""What the pages of the shop show, and which headers they have."""

from omise_sandbox.examine.case import Case, NotTried, Verdict
from omise_sandbox.examine.scenario import Scenario


def _secret_key(case: Case) -> None:
    case.buyer.prepares()
    answer = case.buyer.pays(case.world.token())
    pages = [page for page in (*case.buyer.pages, answer) if page.text]
    if not pages:
        raise NotTried("the recipe opens no page")
    if any(case.world.secret_key in page.text for page in pages):
        case.finds(Verdict.UNSAFE, "a page of the shop contains the secret key")


def _csp(case: Case) -> None:
    case.buyer.prepares()
    if not case.buyer.pages:
        raise NotTried("the recipe opens no payment page")
    names = {name.lower() for name, _ in case.buyer.pages[-1].headers}
    if "content-security-policy" not in names:
        case.finds(Verdict.UNSAFE, "the payment page has no Content-Security-Policy")


SCENARIOS = (
    Scenario(
        "secret-key-in-a-page",
        "The secret key never leaves the server.",
        "docs.omise.co/api-authentication",
        "Send only the public key to the browser, and replace the secret key now.",
        _secret_key,
    ),
    Scenario(
        "payment-page-without-csp",
        "The payment page says which scripts may run.",
        "PCI DSS 4.0.1, requirement 6.4.3",
        "Send a Content-Security-Policy that allows only your scripts and Omise.js.",
        _csp,
    ),
)
