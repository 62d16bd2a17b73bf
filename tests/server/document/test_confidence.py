from __future__ import annotations

import re

from server.assets import share
from server.document.confidence import UNSURE, is_sure, trusted

JOB = {"name": "Northwind", "position": "Tester", "confidence": {"entry": 0.9, "name": 0.3}}


def test_a_field_that_is_not_sure_is_left_out() -> None:
    assert trusted({"work": [JOB], "header": {"name": "A"}}) == {
        "work": [{"name": None, "position": "Tester"}],
        "header": {"name": "A"},
    }


def test_an_entry_that_is_not_sure_is_left_out() -> None:
    doubted = JOB | {"confidence": {"entry": 0.2}}
    assert trusted({"work": [doubted]}) == {"work": []}


def test_what_states_no_confidence_is_kept() -> None:
    """Résumés read before there was any, and lists without."""
    resume = {"work": [{"name": "Northwind"}], "skills": [{"name": None, "keywords": ["SQL"]}]}
    assert trusted(resume) == resume
    assert is_sure({"name": "Northwind"}, "name")


def test_the_page_marks_as_unsure_what_is_never_asked_about() -> None:
    source = (share("static") / "js" / "resumeparts.js").read_text("utf-8")
    assert re.findall(r"UNSURE = ([0-9.]+);", source) == [str(UNSURE)]
