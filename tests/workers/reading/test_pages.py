"""Small made-up pages, one for each way in which entries were once misread."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workers.pdf import read_document
from workers.reading import read_resume

PAGES = Path(__file__).parent / "pages"
LABELS: dict[str, dict[str, Any]] = json.loads((PAGES / "labels.json").read_text("utf-8"))


def plain(text: str | None) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text or "")).casefold()


async def resume_of(name: str) -> dict[str, Any]:
    document = await read_document((PAGES / f"{name}.pdf").read_bytes())
    read: dict[str, Any] = msgspec.to_builtins(read_resume(document, "a.pdf"))
    return read


@pytest.mark.parametrize("name", LABELS)
async def test_a_page_is_read_as_it_says(name: str) -> None:
    wanted, found = LABELS[name], await resume_of(name)
    header = found["header"]
    for key in wanted.keys() & {"name", "target_role", "phone"}:
        choices = (wanted[key] or "").split("|")
        assert plain(header[key]) in {plain(each) for each in choices}, key
    if "work" in wanted:
        got = [(e["name"], e["position"], e["startDate"], e["endDate"]) for e in found["work"]]
        assert len(got) == len(wanted["work"])
        for org, title, start, end in wanted["work"]:
            assert any(
                plain(one[0]) == plain(org)
                and (title is None or plain(one[1]) == plain(title))
                and one[2:] == (start, end)
                for one in got
            ), (org, got)
    for school, start, end in wanted.get("education", []):
        read = [(plain(e["institution"]), e["startDate"], e["endDate"]) for e in found["education"]]
        assert (plain(school), start, end) in read
    words = {plain(word) for each in found["skills"] for word in each["keywords"]}
    skills = wanted.get("skills", [])
    listed = (
        skills if isinstance(skills, list) else [word for each in skills.values() for word in each]
    )
    assert {plain(word) for word in listed} <= words
    spoken = {plain(each["language"]): plain(each["fluency"]) for each in found["languages"]}
    for language, level in wanted.get("languages", []):
        assert spoken[plain(language)] == plain(level)
    for section, key in (
        ("projects", "name"), ("certificates", "name"), ("selfIntroduction", "question"),
    ):  # fmt: skip
        names = {plain(each[key]) for each in found[section]}
        assert {plain(each) for each in wanted.get(section, [])} <= names


@pytest.mark.parametrize("name", LABELS)
async def test_nobody_is_accused_of_hiding_text(name: str) -> None:
    warnings = (await resume_of(name))["meta"]["warnings"]
    assert not [each for each in warnings if each["code"].startswith("hidden_")]
