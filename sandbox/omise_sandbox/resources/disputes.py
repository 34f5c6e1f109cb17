"""Disputes (chargebacks) and their documents.

Source: fixtures of omise-php and omise-elixir, and the provider's schema.
"""

from collections.abc import Callable

from omise_sandbox.resources import charges
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.dispute_transitions import (
    OPEN,
    PENDING,
    UNDECIDED,
    accept,
    open_dispute,
    save,
)
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.disputes import serialize_dispute, serialize_document
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.storage.collection import slice_of
from omise_sandbox.storage.records import Dispute, Document

#: Path → the statuses that it lists.
LISTS = {
    "/disputes/open": (OPEN,),
    "/disputes/pending": (PENDING,),
    "/disputes/closed": ("won", "lost"),
}


def create(call: ApiCall) -> Json:
    """POST /charges/:id/disputes (test mode): open a dispute. 400 `invalid_dispute`."""
    if call.world.livemode:
        raise ApiError("feature_not_supported", "only test charges can be disputed")
    charge = charges.find(call)
    if charge.state != "captured" or charge.dispute:
        raise ApiError("invalid_dispute", "charge can't be disputed")  # message assumed
    return serialize_dispute(call.world, open_dispute(call.world, charge))


def index(call: ApiCall) -> Json:
    """GET /disputes: a page of disputes."""
    page = param_types.page(call.params)
    total, disputes = call.world.store.disputes.page(page)
    data = [serialize_dispute(call.world, dispute) for dispute in disputes]
    return serialize_list(data, "/disputes", total, call.world.now(), page)


def list_of(path: str) -> Callable[[ApiCall], Json]:
    """The handler of a list by status."""

    def listing(call: ApiCall) -> Json:
        """GET /disputes/open, pending or closed: a page of those."""
        page = param_types.page(call.params)
        every = call.world.store.disputes.all(newest_first=False)
        total, wanted = slice_of([each for each in every if each.status in LISTS[path]], page)
        data = [serialize_dispute(call.world, dispute) for dispute in wanted]
        return serialize_list(data, path, total, call.world.now(), page)

    return listing


def retrieve(call: ApiCall) -> Json:
    """GET /disputes/:id. 404 for an unknown one."""
    return expanded(call, serialize_dispute(call.world, find(call)))


def update(call: ApiCall) -> Json:
    """PATCH /disputes/:id: a `message` makes an open dispute pending; `metadata` is replaced."""
    dispute = _undecided(call)
    if "message" in call.params:
        message = param_types.text(call.params, "message")
        dispute = dispute._replace(message=message, status=PENDING if message else dispute.status)
    if "metadata" in call.params:
        metadata = param_types.mapping(call.params, "metadata") or None
        dispute = dispute._replace(metadata=metadata)
    return serialize_dispute(call.world, save(call.world, dispute, "dispute.update"))


def accept_dispute(call: ApiCall) -> Json:
    """PATCH /disputes/:id/accept: the merchant gives in, and the dispute is lost."""
    return serialize_dispute(call.world, accept(call.world, _undecided(call)))


def documents(call: ApiCall) -> Json:
    """GET /disputes/:id/documents: a page of documents."""
    dispute, page = find(call), param_types.page(call.params)
    total, wanted = slice_of(list(dispute.documents), page)
    data = [serialize_document(call.world, dispute, document) for document in wanted]
    location = f"/disputes/{dispute.id}/documents"
    return serialize_list(data, location, total, call.world.now(), page)


def add_document(call: ApiCall) -> Json:
    """POST /disputes/:id/documents with `file`: only its name is stored."""
    dispute = _unlocked(call)
    name = param_types.text(call.params, "file")
    if not name:
        raise ApiError("bad_request", "file can't be blank")  # message assumed
    document = Document(call.world.new_id("docu"), call.world.now(), name)
    added = dispute._replace(documents=(*dispute.documents, document))
    save(call.world, added, "dispute.update")
    return serialize_document(call.world, added, document)


def retrieve_document(call: ApiCall) -> Json:
    """GET /disputes/:id/documents/:document."""
    dispute = find(call)
    return serialize_document(call.world, dispute, _document(dispute, call.ids[1]))


def delete_document(call: ApiCall) -> Json:
    """DELETE /disputes/:id/documents/:document: the document with `deleted`."""
    dispute = _unlocked(call)
    gone = _document(dispute, call.ids[1])
    remaining = tuple(document for document in dispute.documents if document.id != gone.id)
    save(call.world, dispute._replace(documents=remaining), "dispute.update")
    return serialize_document(call.world, dispute, gone, deleted=True)


def find(call: ApiCall) -> Dispute:
    """The dispute in the path. Raises 404 `not_found`."""
    dispute = call.world.store.disputes.get(call.ids[0])
    if dispute is None:
        raise not_found("dispute", call.ids[0])
    return dispute


def _undecided(call: ApiCall) -> Dispute:
    dispute = find(call)
    if dispute.status not in UNDECIDED:
        message = f"dispute is {dispute.status} and can't be changed"  # assumed
        raise ApiError("invalid_dispute", message)
    return dispute


def _unlocked(call: ApiCall) -> Dispute:
    dispute = find(call)
    if dispute.status not in UNDECIDED:
        raise ApiError("documents_locked")
    return dispute


def _document(dispute: Dispute, document_id: str) -> Document:
    for document in dispute.documents:
        if document.id == document_id:
            return document
    raise not_found("document", document_id)
