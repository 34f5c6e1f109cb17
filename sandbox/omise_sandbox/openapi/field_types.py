"""The type of every field and parameter, by name; the manifest says which object has which.

A test compares the tables with the manifest and with what the sandbox answers.
"""

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to an object."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def optional(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(name: str) -> Schema:
    """A page of objects."""
    return ref(f"{name}_list")


TEXT: Schema = {"type": "string"}
OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}
INTEGER: Schema = {"type": "integer"}
OPTIONAL_INTEGER: Schema = {"type": ["integer", "null"]}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
OPTIONAL_FLAG: Schema = {"type": ["boolean", "null"]}
TIME: Schema = {"type": "string", "format": "date-time"}
OPTIONAL_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
OBJECT: Schema = {"type": "object"}
OPTIONAL_OBJECT: Schema = {"type": ["object", "null"]}
TEXTS = array(TEXT)

#: Type → the fields and parameters that have it in every object.
BY_TYPE: list[tuple[Schema, str]] = [
    (TEXT, "object id currency funding_currency fingerprint last_digits brand financing key"),
    (TEXT, "country code direction api_version team scope order filename reason_code"),
    (TEXT, "reason_message last_updated_api_version flow type file dialect three_ds do origin"),
    (TEXT, "scenario choice"),
    (OPTIONAL_TEXT, "location description name email ip link schedule linked_account customer"),
    (OPTIONAL_TEXT, "about transaction failure_code failure_message return_uri branch"),
    (
        OPTIONAL_TEXT,
        "merchant_advice merchant_advice_code authorize_uri authorization_type device bank",
    ),
    (
        OPTIONAL_TEXT,
        "terminal acquirer_reference_number approval_code authenticated_by street1 street2",
    ),
    (OPTIONAL_TEXT, "statement_descriptor city state phone_number postal_code first_digits uri"),
    (OPTIONAL_TEXT, "tokenization_method default_card charge message admin_message download_uri"),
    (OPTIONAL_TEXT, "barcode mobile_number platform_type store_id store_name terminal_id"),
    (OPTIONAL_TEXT, "promotion_code absorption_type charge_status chain_return_uri webhook_uri"),
    (OPTIONAL_TEXT, "query authentication security_code method path webhook event secret_key"),
    (OPTIONAL_TEXT, "public_key webhook_url webhook_secret aggregate_level error payload kind"),
    (INTEGER, "amount net fee fee_vat interest interest_vat funding_amount refunded_amount"),
    (INTEGER, "authorized_amount captured_amount capture_amount expiration_month expiration_year"),
    (INTEGER, "total transferable reserve on_hold limit offset page per_page total_pages"),
    (INTEGER, "charges customers days after"),
    (OPTIONAL_INTEGER, "installment_term receipt_amount seed times"),
    (NUMBER, "advance lasts latency probability seconds"),
    (FLAG, "livemode deleted used multi_capture authorized capturable disputable refundable paid"),
    (FLAG, "partially_refundable reversed reversible voided expired can_perform_void void"),
    (FLAG, "security_code_check auto_activate_recipients chain_enabled chaining_allowed frozen"),
    (FLAG, "real expand"),
    (OPTIONAL_FLAG, "capture zero_interest_installments"),
    (TIME, "created_at from to expires_at transferable_at now"),
    (OPTIONAL_TIME, "paid_at authorized_at expired_at reversed_at closed_at"),
    (OBJECT, "metadata platform_fee transaction_fees metadata_export_keys transfer_config limits"),
    (OBJECT, "filters data tokenization"),
    (OPTIONAL_OBJECT, "scannable_code qr_settings billing shipping references export"),
    (OPTIONAL_OBJECT, "provider_references"),
    (TEXTS, "missing_3ds_fields supported_currencies banks tokenization_methods"),
    (TEXTS, "webhook_endpoints"),
    (array(OBJECT), "items discounts payment_methods webhook_deliveries"),
]

#: Field of an object, where its type differs from that of its name or refers to an object.
OF_OBJECT: dict[str, Schema] = {
    "token.card": optional(ref("card")),
    "charge.card": optional(ref("card")),
    "charge.source": optional(ref("source")),
    "charge.dispute": optional(ref("dispute")),
    "charge.refunds": list_of("refund"),
    "charge.status": {"enum": ["pending", "successful", "failed", "expired", "reversed"]},
    "charge.customer": {"anyOf": [TEXT, ref("customer"), {"type": "null"}]},
    "charge.transaction": {"anyOf": [TEXT, ref("transaction"), {"type": "null"}]},
    "customer.cards": list_of("card"),
    "customer.linked_accounts": {"$ref": "#/components/schemas/list"},
    "customer.default_card": {"anyOf": [TEXT, ref("card"), {"type": "null"}]},
    "refund.charge": {"anyOf": [TEXT, ref("charge")]},
    "refund.transaction": {"anyOf": [TEXT, ref("transaction")]},
    "refund.status": {"enum": ["closed"]},
    "dispute.documents": list_of("document"),
    "dispute.transactions": array(ref("transaction")),
    "dispute.status": {"enum": ["open", "pending", "won", "lost"]},
    "error.message": TEXT,
    "list.data": array(OBJECT),
    "search.data": array(OBJECT),
    "webhook_delivery.status": OPTIONAL_INTEGER,
}

#: Parameter of a call, where its type differs from that of its name.
OF_CALL: dict[str, Schema] = {
    "POST /tokens card": ref("card_params"),
    "POST /charges card": TEXT,
    "POST /charges source": {"anyOf": [TEXT, OBJECT]},
    "POST /customers card": TEXT,
    "PATCH /customers/{customer} card": TEXT,
    "POST /customers/{customer}/cards card": TEXT,
    "PATCH /customers/{customer}/cards card": TEXT,
    "POST /_sandbox/disputes/{dispute}/close status": {"enum": ["won", "lost"]},
    "POST /_sandbox/faults status": INTEGER,
}


def field_types() -> dict[str, Schema]:
    """The type by name."""
    return {name: schema for schema, names in BY_TYPE for name in names.split()}
