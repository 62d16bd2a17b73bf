"""The document that clients are made of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from deploy.openapi import document

KNOWN = ("application/json", "application/problem+json", "text/")
CLIENTS = Path(__file__).parents[2] / "deploy" / "clients"


def operations() -> list[dict[str, Any]]:
    return [operation for methods in document()["paths"].values() for operation in methods.values()]


def test_nothing_that_is_deprecated_is_in_it() -> None:
    made = operations()
    assert len(made) > 100
    assert not any(one.get("deprecated") for one in made)
    assert not [
        one["operationId"] for one in made if one["operationId"] == "before_v1_resumes_show"
    ]


def test_the_python_client_knows_what_to_do_with_every_kind_of_content() -> None:
    named = re.findall(r"^  (\w+/\w+): ", (CLIENTS / "python.yaml").read_text(), re.MULTILINE)
    kinds = {
        kind
        for one in operations()
        for response in one["responses"].values()
        for kind in response.get("content", {})
    }
    assert {kind for kind in kinds if not kind.startswith(KNOWN)} == set(named)
