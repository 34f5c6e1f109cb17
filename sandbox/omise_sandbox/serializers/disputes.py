"""Disputes and their documents (fixtures of omise-php; documents: mocks of omise-python)."""

from omise_sandbox.resources.api_call import Json
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.serializers.transactions import serialize_transaction
from omise_sandbox.storage.clock import iso, iso_or_none
from omise_sandbox.storage.records import Dispute, Document
from omise_sandbox.storage.world import World

REASON_CODE = "goods_or_services_not_provided"
REASON_MESSAGE = "Merchandise/Services Not Received"


def serialize_dispute(world: World, dispute: Dispute) -> Json:
    """A dispute with its documents, and what it took from and gave back to the balance."""
    location = f"/disputes/{dispute.id}"
    documents = [serialize_document(world, dispute, document) for document in dispute.documents]
    ids = (dispute.transaction, dispute.credit_transaction)
    transactions = [world.store.transactions.get(each) for each in ids if each]
    return {
        "object": "dispute",
        "id": dispute.id,
        "livemode": world.livemode,
        "location": location,
        "currency": dispute.currency,
        "amount": dispute.amount,
        "funding_amount": dispute.funding_amount,
        "funding_currency": dispute.funding_currency,
        "metadata": dispute.metadata or {},
        "charge": dispute.charge,
        "documents": serialize_list(
            documents, f"{location}/documents", len(documents), world.now()
        ),
        "transactions": [serialize_transaction(world, each) for each in transactions if each],
        "admin_message": None,
        "message": dispute.message,
        "reason_code": REASON_CODE,
        "reason_message": REASON_MESSAGE,
        "status": dispute.status,
        "closed_at": iso_or_none(dispute.closed_at),
        "created_at": iso(dispute.created_at),
    }


def serialize_document(
    world: World, dispute: Dispute, document: Document, *, deleted: bool = False
) -> Json:
    """A document. Its content is not stored, so it cannot be downloaded."""
    return {
        "object": "document",
        "livemode": world.livemode,
        "id": document.id,
        "deleted": deleted,
        "filename": document.file_name,
        "location": f"/disputes/{dispute.id}/documents/{document.id}",
        "download_uri": None,
        "created_at": iso(document.created_at),
    }
