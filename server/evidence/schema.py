"""``python -m server.evidence.schema``: a dossier's JSON Schema, as docs/dossier.schema.json."""

from __future__ import annotations

import json
import sys

import msgspec

from server.evidence.dossier import Dossier


def dossier_schema() -> str:
    schema = msgspec.json.schema(Dossier)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viva dossier: GET /v1/interviews/{interview_id}/dossier",
    }
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(dossier_schema())
