from __future__ import annotations

import dataclasses

import msgspec
import pytest

from server.document.pages import Box, Word
from server.document.resume import Evidence, Header, Meta, Resume


def test_an_unread_resume_states_nothing() -> None:
    resume = Resume(header=Header(), meta=Meta(sha256="0" * 64, pages=1, language="ko"))
    data = msgspec.to_builtins(resume)
    assert data["header"]["target_role"] is None
    assert {key: value for key, value in data.items() if key not in ("header", "meta")} == {
        "work": (), "education": (), "projects": (), "certificates": (), "awards": (),
        "skills": (), "languages": (), "selfIntroduction": (), "volunteer": (),
        "publications": (), "sections": (), "text": None,
    }  # fmt: skip
    assert data["meta"]["schema_version"]


def test_it_survives_the_database() -> None:
    header = Header(
        name="정다은",
        target_role="백엔드 개발자",
        target_role_source="form_cell",
        target_role_confidence=0.97,
        target_role_evidence=Evidence(1, (1.0, 2.0, 3.0, 4.0), "백엔드 개발자"),
    )
    resume = Resume(header=header, meta=Meta("0" * 64, 1, "ko"))
    assert msgspec.json.decode(msgspec.json.encode(resume), type=Resume) == resume


@pytest.mark.parametrize("value", [Header(), Word("a", Box(0, 0, 1, 1), 10)])
def test_values_cannot_be_changed(value: Header | Word) -> None:
    for each in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, each.name, "b")
