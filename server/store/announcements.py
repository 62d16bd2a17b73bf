"""What an organisation's webhooks are told of, written in the transaction that makes it so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Literal, get_args
from uuid import UUID

from server.jobs import DELIVER_WEBHOOK
from server.store.pool import Connection

Event = Literal[
    "interview.invited",
    "interview.started",
    "interview.ended",
    "report.ready",
    "interview.decided",
]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)

# Nothing is written where nobody listens.
OF_INTERVIEW = """
WITH told AS (
    INSERT INTO webhook_deliveries
        (organisation_id, webhook_id, interview_id, event, data)
    SELECT webhooks.organisation_id, webhooks.id, interviews.id, $2::text,
           jsonb_build_object(
               'interview_id', interviews.id, 'opening_id', interviews.opening_id,
               'invitation_id', (SELECT invitations.id FROM invitations
                                 WHERE invitations.interview_id = interviews.id)
           ) || $3::jsonb
    FROM interviews JOIN webhooks USING (organisation_id)
    WHERE interviews.id = $1 AND webhooks.disabled_at IS NULL AND $2::text = ANY (webhooks.events)
    RETURNING id, organisation_id
)
INSERT INTO jobs (kind, subject, organisation_id) SELECT $4::text, id, organisation_id FROM told
"""
OF_INVITATIONS = """
WITH told AS (
    INSERT INTO webhook_deliveries
        (organisation_id, webhook_id, invitation_id, event, data)
    SELECT webhooks.organisation_id, webhooks.id, invitations.id, $2::text,
           jsonb_build_object('invitation_id', invitations.id,
                              'opening_id', invitations.opening_id)
    FROM invitations JOIN webhooks USING (organisation_id)
    WHERE invitations.id = ANY ($1)
        AND webhooks.disabled_at IS NULL AND $2::text = ANY (webhooks.events)
    RETURNING id, organisation_id
)
INSERT INTO jobs (kind, subject, organisation_id) SELECT $3::text, id, organisation_id FROM told
"""


async def of_interview(
    connection: Connection, interview_id: UUID, event: Event, **said: int | str | None
) -> None:
    """``said``: states and numbers, never what a person wrote or is called."""
    data: dict[str, Any] = said
    await connection.execute(OF_INTERVIEW, interview_id, event, data, DELIVER_WEBHOOK.name)


async def of_invitations(connection: Connection, invitation_ids: Collection[UUID]) -> None:
    event: Event = "interview.invited"
    await connection.execute(OF_INVITATIONS, list(invitation_ids), event, DELIVER_WEBHOOK.name)
