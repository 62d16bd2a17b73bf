"""Interview templates: who may edit them, what is refused, and the copy an interview keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import templates
from tests.live import Viva, browser, until
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf

KEY = "interviewers-only"
AUTHORISED = {"authorization": f"Bearer {KEY}"}
OWN = {"ko": "우리 서비스의 로그인 구조를 어떻게 바꾸시겠어요?"}


def template(**changes: Any) -> dict[str, Any]:
    stages = [
        {"name": "introduction"},
        {"name": "knowledge", "questions": 2},
        {"name": "closing", "follow_ups": 0},
    ]
    return {"name": "Security", "stages": stages, "minutes": 20, "pace": 1.5, **changes}


pytestmark = pytest.mark.viva(interviewer_key=KEY)


async def added(viva: Viva, **changes: Any) -> dict[str, Any]:
    answer = await viva.http.post("/templates", json=template(**changes), headers=AUTHORISED)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def typed(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": item}


async def planned(viva: Viva, lines: list[str], **order: Any) -> dict[str, Any]:
    """The interview once its questions are planned."""
    resume_id = await viva.upload(resume_pdf(lines))
    await viva.read(resume_id)
    answer = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id, **order})
    assert answer.status_code == 201, answer.text
    ticket = answer.json()

    async def questions() -> dict[str, Any] | None:
        shown = await viva.show(ticket["interview_id"])
        return shown if shown["questions"] else None

    return {"ticket": ticket, **await until(questions)}


async def test_without_the_key_nothing_is_seen_or_changed(viva: Viva) -> None:
    (default,) = (await viva.http.get("/templates", headers=AUTHORISED)).json()
    one = f"/templates/{default['id']}"
    answers = [
        await viva.http.get("/templates"),
        await viva.http.get(one),
        await viva.http.post("/templates", json=template()),
        await viva.http.put(one, json=template()),
        await viva.http.post(f"{one}/default"),
        await viva.http.delete(one, headers={"authorization": "Bearer wrong"}),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert (await viva.http.get("/templates", headers=AUTHORISED)).json() == [default]


async def test_there_is_a_default_from_the_start(viva: Viva) -> None:
    (default,) = (await viva.http.get("/templates", headers=AUTHORISED)).json()
    assert default["is_default"]
    assert default["template"]["languages"] == ["en", "ko"]
    names = [stage["name"] for stage in default["template"]["stages"]]
    assert names == [
        "introduction", "motivation", "knowledge", "experience", "problem_solving",
        "collaboration", "closing",
    ]  # fmt: skip


async def test_a_template_is_added_changed_and_removed(viva: Viva) -> None:
    made = await added(viva, questions=[{"stage": "knowledge", "text": OWN}])
    one = f"/templates/{made['id']}"
    assert made["template"]["questions"][0]["text"] == OWN
    changed = await viva.http.put(one, json=template(minutes=45), headers=AUTHORISED)
    assert (changed.status_code, changed.json()["template"]["minutes"]) == (200, 45)
    assert (await viva.http.get(one, headers=AUTHORISED)).json() == changed.json()
    again = await viva.http.post("/templates", json=template(), headers=AUTHORISED)
    assert (again.status_code, again.json()["code"]) == (409, "template_name_taken")
    assert (await viva.http.delete(one, headers=AUTHORISED)).status_code == 204
    gone = await viva.http.get(one, headers=AUTHORISED)
    assert (gone.status_code, gone.json()["code"]) == (404, "template_not_found")


async def test_another_default_takes_its_place(viva: Viva) -> None:
    made = await added(viva)
    default = await viva.http.post(f"/templates/{made['id']}/default", headers=AUTHORISED)
    assert default.json()["is_default"] is True
    listed = (await viva.http.get("/templates", headers=AUTHORISED)).json()
    assert [one["is_default"] for one in listed] == [True, False]
    kept = await viva.http.delete(f"/templates/{made['id']}", headers=AUTHORISED)
    assert (kept.status_code, kept.json()["code"]) == (409, "template_default")
    missing = await viva.http.post(f"/templates/{uuid4()}/default", headers=AUTHORISED)
    assert missing.status_code == 404
    assert (await viva.http.get("/templates", headers=AUTHORISED)).json() == listed


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "template_name"),
        ({"languages": []}, "template_languages"),
        ({"minutes": 2}, "template_minutes"),
        ({"pace": 9}, "template_pace"),
        ({"follow_ups": 6}, "template_follow_ups"),
        ({"stages": []}, "template_stages"),
        ({"stages": [{"name": "knowledge", "minutes": 21}]}, "template_minutes"),
        ({"questions": [{"stage": "knowledge", "text": {"ko": ""}}]}, "question_length"),
        (
            {"questions": [{"stage": "knowledge", "text": OWN}], "languages": ["en"]},
            "question_language",
        ),
        ({"questions": [{"stage": "knowledge", "text": OWN}] * 2}, "question_twice"),
        ({"company": [{"topic": "", "text": {"en": "We are hybrid."}}]}, "company_topic"),
    ],
)
async def test_what_cannot_work_is_refused(viva: Viva, changes: dict[str, Any], code: str) -> None:
    answer = await viva.http.post("/templates", json=template(**changes), headers=AUTHORISED)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len((await viva.http.get("/templates", headers=AUTHORISED)).json()) == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ({"ko": "결혼 계획이 어떻게 되시나요?"}, "채용절차법 제4조의3"),
        ({"en": "How old are you?"}, "고령자고용법"),
        ({"ko": "노조에 가입하신 적이 있나요?"}, "노동조합법 제81조"),
        ({"ko": OWN["ko"], "en": "Which church do you go to?"}, "국가인권위원회법"),
    ],
)
async def test_an_unlawful_question_is_refused_with_the_rule_it_breaks(
    viva: Viva, text: dict[str, str], rule: str
) -> None:
    question = {"stage": "collaboration", "text": text}
    answer = await viva.http.post(
        "/templates", json=template(questions=[question]), headers=AUTHORISED
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "question_forbidden")
    assert rule in answer.json()["detail"]
    assert next(iter(text.values())) not in answer.json()["detail"]


async def test_a_question_that_is_only_clumsy_is_saved_with_a_warning(viva: Viva) -> None:
    texts = (
        {"en": "How do you speak to a pupil's parents about a divorce?"},
        {"en": "Surely you would agree that alerts should always be on?"},
        {"ko": "누가 정했나요? 결과는 어땠나요?"},
    )
    questions = [{"stage": "knowledge", "text": text} for text in texts]
    made = await added(viva, questions=questions, languages=["en", "ko"])
    about = [(one["question"], one["language"], one["code"]) for one in made["warnings"]]
    assert about == [(2, "en", "leading"), (3, "ko", "several")]
    one = f"/templates/{made['id']}"
    assert (await viva.http.get(one, headers=AUTHORISED)).json()["warnings"] == []
    changed = template(name="Other", questions=questions[:1], languages=["en", "ko"])
    answer = await viva.http.put(one, json=changed, headers=AUTHORISED)
    assert (answer.status_code, answer.json()["warnings"]) == (200, [])


async def test_what_is_told_of_the_company_is_judged_as_questions_are(viva: Viva) -> None:
    facts = [
        {
            "topic": "remote",
            "text": {"en": "Two days a week from home.", "ko": "주 이틀 재택입니다."},
        },
        {"topic": "family", "text": {"en": "Do you have children, or do you plan to have any?"}},
        {"topic": "점심", "text": {"ko": "**점심**은 회사에서 드립니다."}},
    ]
    made = await added(viva, company=facts, languages=["en", "ko"])
    about = [
        (one["question"], one["fact"], one["language"], one["code"]) for one in made["warnings"]
    ]
    assert about == [(None, 2, "en", "private"), (None, 3, "ko", "form")]


async def test_an_unknown_stage_is_an_invalid_request(viva: Viva) -> None:
    stages = [{"name": "lunch"}]
    answer = await viva.http.post("/templates", json=template(stages=stages), headers=AUTHORISED)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_own_questions_stand_in_the_plan_word_for_word(viva: Viva) -> None:
    made = await added(
        viva, questions=[{"stage": "knowledge", "text": OWN, "rubric": ["위험을 먼저 본다"]}]
    )
    shown = await planned(viva, KOREAN_RESUME, template_id=made["id"])
    asked = [(q["stage"], q["source"]) for q in shown["questions"]]
    assert asked == [
        ("introduction", "bank"), ("knowledge", "interviewer"), ("knowledge", "bank"),
        ("closing", "bank"),
    ]  # fmt: skip
    own = shown["questions"][1]
    assert (own["text"], own["rubric"]) == (OWN["ko"], ["위험을 먼저 본다"])
    assert shown["template_id"] == made["id"]
    assert shown["template"]["pace"] == 1.5
    assert "questions" not in shown["template"]


async def test_every_planned_question_says_what_it_is_for(viva: Viva) -> None:
    shown = await planned(viva, KOREAN_RESUME)
    for question in shown["questions"]:
        assert question["competency"]
        assert 2 <= len(question["rubric"]) <= 4
        assert question["language"] == "ko"
        assert {"path", "quote"} == set(question["rests_on"][0])


async def test_a_later_edit_does_not_change_the_interview(viva: Viva, pool: asyncpg.Pool) -> None:
    made = await added(viva)
    shown = await planned(viva, ENGLISH_RESUME, template_id=made["id"])
    one = f"/templates/{made['id']}"
    await viva.http.put(one, json=template(name="Other", minutes=60), headers=AUTHORISED)
    again = await viva.show(shown["interview_id"])
    assert (again["template"]["name"], again["template"]["minutes"]) == ("Security", 20)
    await viva.http.delete(one, headers=AUTHORISED)
    gone = await viva.show(shown["interview_id"])
    assert (gone["template"]["minutes"], gone["template_id"]) == (20, None)
    row = await pool.fetchval(
        "SELECT template FROM interviews WHERE id = $1", UUID(shown["interview_id"])
    )
    assert templates.read(row).minutes == 20


async def test_the_templates_language_goes_before_the_resumes(viva: Viva) -> None:
    made = await added(viva, languages=["en"])
    shown = await planned(viva, KOREAN_RESUME, template_id=made["id"])
    assert shown["ticket"]["language"] == shown["language"] == "en"
    assert {question["language"] for question in shown["questions"]} == {"en"}


async def test_an_unknown_template_is_not_found(viva: Viva) -> None:
    resume_id = await viva.upload(resume_pdf(KOREAN_RESUME))
    await viva.read(resume_id)
    order = {"resume_id": resume_id, "template_id": str(uuid4())}
    answer = await viva.http.post("/interviews/realtime", json=order)
    assert (answer.status_code, answer.json()["code"]) == (404, "template_not_found")
    assert (await viva.http.get("/interviews")).json() == []


async def test_every_item_of_the_plan_ends_with_what_became_of_it(viva: Viva) -> None:
    made = await added(viva, follow_ups=0)
    shown = await planned(viva, ENGLISH_RESUME, template_id=made["id"])
    async with browser(shown["ticket"]) as candidate:
        await candidate.hear_question(1)
        await candidate.send(**typed("I have led the reviews of our data pipelines."))
        await candidate.hear_question(2)
        await candidate.send(type="viva.control", control="skip")
        await candidate.hear_question(3)
        await candidate.send(type="viva.end")
        await candidate.event("viva.ended")

    async def settled() -> list[Any] | None:
        questions = (await viva.show(shown["interview_id"]))["questions"]
        items = [q for q in questions if q["ordinal"]]
        return sorted(items, key=lambda q: q["ordinal"]) if items[-1]["outcome"] else None

    items = await until(settled)
    assert [(q["outcome"], q["outcome_reason"]) for q in items] == [
        ("answered", None), ("skipped", "candidate"), ("asked", "ended:candidate"),
        ("skipped", "ended:candidate"),
    ]  # fmt: skip
