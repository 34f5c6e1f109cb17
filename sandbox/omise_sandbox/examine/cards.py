"""The test cards of an examination (docs.omise.co/api-testing)."""

PAID = "4242424242424242"
THREE_DS = "4000000000003063"
NAME = "SOMCHAI PRASERT"
MONTH, YEAR = 12, 2040
#: A code that occurs nowhere by chance, so that it can be searched for.
SECURITY_CODE = "947"

#: Failure code → the number of a card that is declined with it.
DECLINED = {
    "insufficient-fund": "4111111111140011",
    "stolen-or-lost-card": "4111111111130012",
    "failed-processing": "4111111111120013",
    "payment-rejected": "4111111111110014",
    "failed-fraud-check": "4111111111190016",
    "invalid-account-number": "4111111111180017",
    "invalid-security-code": "4111111111160001",
}


def placeholders(number: str) -> dict[str, str]:
    """The values with which a browser fills in a card."""
    return {
        "card_number": number,
        "card_name": NAME,
        "card_expiry": f"{MONTH:02}/{YEAR % 100:02}",
        "card_month": f"{MONTH:02}",
        "card_year": str(YEAR),
        "card_code": SECURITY_CODE,
    }
