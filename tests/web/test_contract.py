"""What OpenAPI says of the REST API is so: asked by Schemathesis, on a real server and database."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
import pytest
from openapi_spec_validator import validate

from server.store.scope import LOCAL
from server.web.principal import CSRF_HEADER
from tests.live import Viva, running
from tests.web.house import Company, company
from tests.web.test_problems import SCHEMA

KEY: Final = "interviewers-only"
LEAVE: Final = (
    "DELETE /v1/session",
    "POST /v1/sessions/{session_id}/end",
    "PATCH /v1/organisation",
)
"""Whoever asks it can ask nothing more: signed out, or asked for one-time codes. Asked at last."""
WANTED: Final = "VIVA_CONTRACT" in os.environ
"""make contract"""
EDGES: Final = ("--phases", "coverage", "--mode", "positive")
WHOLE: Final = ("--phases", "coverage,fuzzing", "--mode", "all", "--max-examples", "10")
NAMED: Final = (
    "resume_id", "interview_id", "opening_id", "invitation_id", "template_id", "answer_id",
    "webhook_id", "delivery_id", "member_id", "mail_id", "version_id", "language", "hold_id",
    "key_id", "note_id", "share_id", "page",
)  # fmt: skip
"""What is asked for is there."""
CONFIG: Final = """
continue-on-failure = true
request-timeout = 60
[cache]
enabled = false
[headers]
{header} = "{csrf}"
[auth.openapi]
interviewer.bearer = "{interviewer}"
session.api_key = "{cookie}"
key.bearer = "{key}"
candidate.bearer = "{candidate}"
share.bearer = "{share}"
invitation.bearer = "{invitation}"
[parameters]
{parameters}
[[operations]]
include-name = "GET /health/ready"
checks.not_a_server_error.enabled = false   # without a worker it is 503, as it is documented
[phases.coverage]
unexpected-methods = ["TRACE"]
[phases.fuzzing.checks.positive_data_acceptance]
# Of texts with a pattern and a greatest length some are made that do not fit the pattern.
enabled = false
[checks.positive_data_acceptance]
# What fits the schema and means nothing is 422, or says in which state it would.
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "415", "422", "429", "5xx"]
[checks.negative_data_rejection]
# Parameters and headers of other names are passed over, as links gather some on their way; 0 is
# taken for false, and what stands in an address or a header is text, whatever it was meant to be.
enabled = false
"""


def config(of: Company) -> str:
    def bearer(who: str) -> str:
        return of.headers[who]["authorization"].removeprefix("Bearer ")

    admin = of.headers["admin"]
    return CONFIG.format(
        header=CSRF_HEADER,
        csrf=admin[CSRF_HEADER],
        cookie=admin["cookie"].partition("=")[2],
        interviewer=KEY,
        key=bearer("every key"),
        candidate=bearer("candidate"),
        share=bearer("colleague"),
        invitation=bearer("guest"),
        parameters="\n".join(f'"path.{name}" = "{of.ids[name]}"' for name in NAMED),
    )


def test_the_document_is_one() -> None:
    validate(msgspec.json.decode(msgspec.json.encode(SCHEMA)))  # as it is sent


async def asked(viva: Viva, here: Company, folder: Path, *how: str) -> None:
    """Fails where Schemathesis finds something."""
    (folder / "schemathesis.toml").write_text(config(here))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli",
        "--config-file", str(folder / "schemathesis.toml"),
        "run", f"{viva.base}/schema/openapi.json",
        "--wait-for-schema", "120", "--exclude-deprecated",
        "--seed", "1", "--generation-database", "none", "--no-color",
        "--suppress-health-check", "too_slow", *how,  # a machine may be busy
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=folder,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-20_000:]


@pytest.mark.engine
async def test_every_answer_is_as_it_is_documented(
    database_url: str, redis_url: str, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """With the edges of everything that fits the schema, and, whole, with much else."""
    here = await company(pool, "Hereby", LOCAL)
    async with running(database_url, redis_url, worker=False, interviewer_key=KEY) as viva:
        how = WHOLE if WANTED else EDGES
        await asked(viva, here, tmp_path, *how, *(f"--exclude-name={one}" for one in LEAVE))
        mine = await viva.http.get("/v1/session", headers=here.headers["admin"])
        assert mine.status_code == 200, "whatever is to be managed was reached"
        if WANTED:
            await asked(viva, here, tmp_path, *how, *(f"--include-name={one}" for one in LEAVE))
