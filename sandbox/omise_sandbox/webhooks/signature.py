"""The signature of a webhook (docs.omise.co/api-webhooks)."""

import base64
import hmac

HEADERS = {"Content-Type": "application/json", "User-Agent": "omise-sandbox"}


def signed_headers(body: bytes, secrets: str | None, timestamp: int) -> dict[str, str]:
    """The headers of a webhook; without a secret it is unsigned, as on old accounts.

    `secrets` is base64; two, comma-separated, sign both during a rotation.
    """
    if not secrets:
        return dict(HEADERS)
    signed = f"{timestamp}.".encode() + body
    signatures = [
        hmac.digest(base64.b64decode(secret), signed, "sha256").hex()
        for secret in secrets.split(",")
    ]
    return HEADERS | {
        "Omise-Signature": ",".join(signatures),
        "Omise-Signature-Timestamp": str(timestamp),
    }
