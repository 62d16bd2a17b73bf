"""``python -m workers.reading.schema``: the JSON Schema of a résumé, as docs/resume.schema.json."""

from __future__ import annotations

import json
import sys

import msgspec

from server.document.resume import Resume


def resume_schema() -> str:
    schema = msgspec.json.schema(Resume)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viva résumé: resumes.structured_data",
    }
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(resume_schema())
