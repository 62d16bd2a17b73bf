"""What viva signs for people to keep: what they were told and agreed to, and what was deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from server.store import notices, organisations
from server.store.interviews import StoredInterview
from server.store.notices import StoredNotice
from server.store.pool import database_now
from server.store.signing import CONSENT, LONGEST, RECEIPTS, Forged
from server.web.guards import Anyone
from server.web.problems import RECEIPT_FORGED, Problem
from server.web.services import Services


class ReceiptShown(msgspec.Struct):
    receipt: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]


class PublicKeys(msgspec.Struct):
    """JSON Web Key Set."""

    keys: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """``kind``: `viva-erasure-receipt` or `viva-consent-receipt`; ``said``: what was signed."""

    kind: str
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """``told``: what the candidate was told and agreed to, and when; ``text``: the notice as they
    last read it, empty where its words have changed since; ``signed``: all of this."""

    signed: str
    organisation: str
    made_at: datetime
    told: list[StoredNotice]
    text: list[str]


@get("/consent/receipt")
async def consent_receipt(
    interview: NamedDependency[StoredInterview], services: NamedDependency[Services]
) -> ConsentReceipt:
    """For the candidate to keep: what they were told and agreed to, signed."""
    told = await notices.of_interview(services.pool, interview.id)
    organisation = await organisations.get(services.pool, interview.organisation_id)
    assert organisation is not None
    made_at = await database_now(services.pool)
    text = _as_read(services, told)
    claims = {
        "interview": interview.id,
        "organisation": organisation.name,
        "at": made_at,
        "told": [asdict(one) for one in told],
        "text": text,
    }
    signed = services.signer.sign(CONSENT, msgspec.to_builtins(claims))
    return ConsentReceipt(signed, organisation.name, made_at, told, text)


def _as_read(services: Services, told: list[StoredNotice]) -> list[str]:
    last = next((one for one in reversed(told) if one.version is not None), None)
    if last is None or last.media_days is None or last.record_days is None:
        return []
    pack = services.packs.by_language.get(last.language)
    if pack is None or pack.notice.version != last.version:
        return []
    return pack.notice.paragraphs(
        last.who, last.unwritten_days, last.recording_days, last.media_days, last.record_days
    )


@post("/receipts/verify", status_code=HTTP_200_OK, refuses=[RECEIPT_FORGED])
async def verify_receipt(
    data: JSONBody[ReceiptShown], services: NamedDependency[Services]
) -> ReceiptRead:
    """What a receipt says, if it is ours and nobody changed it."""
    try:
        return ReceiptRead(*services.signer.read(RECEIPTS, data.receipt))
    except Forged as error:
        raise Problem(RECEIPT_FORGED, why=error) from error


@get("/receipts/keys")
async def public_keys(services: NamedDependency[Services]) -> PublicKeys:
    """With which anybody can verify what this server signed, its older keys too."""
    return PublicKeys(services.signer.public())


OWN = [consent_receipt]
"""For the candidate, of their interview."""

router = Router(
    "/",
    route_handlers=[verify_receipt, public_keys],
    guards=[Anyone()],
    tags=["privacy"],
)
