"""The Python client that is made of the OpenAPI document, from a résumé to nothing of it.

Arguments: the address, a key, a PDF. Prints what it read.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path
from uuid import UUID

from viva_client import AuthenticatedClient
from viva_client.api.interviews import interviews_create, interviews_list_all, interviews_show
from viva_client.api.privacy import privacy_delete_person
from viva_client.api.resumes import resumes_list_recent, resumes_show, resumes_upload
from viva_client.models import (
    InterviewOrder,
    InterviewTicket,
    InterviewView,
    ProblemDetails,
    ResumeAccepted,
    ResumeForm,
    ResumeState,
)
from viva_client.types import File


def main(address: str, key: str, pdf: Path) -> None:
    client = AuthenticatedClient(address, key)
    form = ResumeForm(File(BytesIO(pdf.read_bytes()), "resume.pdf", "application/pdf"))
    accepted = resumes_upload.sync(client=client, body=form, idempotency_key="once")
    assert isinstance(accepted, ResumeAccepted), accepted
    resume = read(client, accepted.id)
    assert resume.structured_data
    recent = resumes_list_recent.sync(client=client, status="ready", used=False, limit=1)
    assert recent is not None
    assert not isinstance(recent, ProblemDetails)
    assert [one.id for one in recent.items] == [accepted.id]
    ticket = interviews_create.sync(client=client, body=InterviewOrder(resume.id))
    assert isinstance(ticket, InterviewTicket), ticket
    listed = interviews_list_all.sync(client=client, resume_id=resume.id)
    assert listed is not None
    assert not isinstance(listed, ProblemDetails)
    assert [one.interview_id for one in listed.items] == [ticket.interview_id]
    shown = interviews_show.sync(ticket.interview_id, client=client)
    assert isinstance(shown, InterviewView), shown
    deleted = privacy_delete_person.sync_detailed(resume.id, client=client)
    assert deleted.status_code == 200, deleted
    gone = resumes_show.sync(resume.id, client=client)
    assert isinstance(gone, ProblemDetails)
    print(shown.target_role, shown.status, gone.code)


def read(client: AuthenticatedClient, resume_id: UUID) -> ResumeState:
    while True:
        state = resumes_show.sync(resume_id, client=client)
        assert isinstance(state, ResumeState), state
        if state.status != "queued":
            return state
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
