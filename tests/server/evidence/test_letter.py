"""A letter begins with what people rated, and with nothing where nobody did."""

from __future__ import annotations

from server.evidence.letter import draft

TEXTS = {
    "hello": "Dear {name}",
    "shown": "Shown:",
    "missed": "Missed:",
    "outcome.advance": "Come again.",
    "outcome.decline": "Not this time.",
    "end": "{organisation}",
}


def test_what_people_rated_stands_in_it() -> None:
    ratings = {"Data": ["yes", "strong_yes"], "Reasons": ["no"], "Teams": ["yes", "no"]}
    told = draft(TEXTS, ratings, "decline", name="Yuna", organisation="Acme")  # type: ignore[arg-type]
    assert told == (
        "Dear Yuna\n\nShown:\n- Data\n\nMissed:\n- Reasons\n- Teams\n\nNot this time.\n\nAcme"
    )


def test_of_what_is_not_decided_nothing_is_said() -> None:
    assert draft(TEXTS, {"Data": ["yes"]}, None, name="Y", organisation="A") == (
        "Dear Y\n\nShown:\n- Data\n\nA"
    )
    assert draft(TEXTS, {}, "advance", name="Y", organisation="A") == ""
