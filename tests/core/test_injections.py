"""Attacks through what a candidate writes and says: the prompt stays a prompt, and what an obeying
model would say is not spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from server.core import guard, prompts, wording
from server.core.events import Brief, Exchange, Language
from tests.core.injections import ATTACKS, Attack

ROLE = {"en": "Data Engineer", "ko": "데이터 엔지니어"}
MARKS = re.compile(r"</?(?:answer|resume)>")
FORGED = re.compile(
    r"<\||\|>|\[/?INST\]|<<SYS>>|```|###|[\u200b-\u200f\u2060\ufeff]"
    r"|(?:^|\s)(?:system|assistant|user|시스템|어시스턴트)\s*:",
    re.IGNORECASE,
)


def brief_with(attack: Attack) -> Brief:
    resume: Mapping[str, object] = {}
    answer = "I moved the reports to Airflow."
    if attack.where == "resume":
        resume = {"work": [{"name": "Acme", "highlights": [attack.text]}]}
    if attack.where == "answer":
        answer = attack.text
    role = attack.text if attack.where == "role" else ROLE[attack.language]
    question = {"en": "What did you build?", "ko": "무엇을 만드셨나요?"}[attack.language]
    return Brief(role, attack.language, resume, (Exchange(question, answer),))


def test_there_are_enough_of_them_in_both_languages() -> None:
    languages: list[Language] = ["ko", "en"]
    assert len(ATTACKS) >= 80
    assert all(sum(a.language == language for a in ATTACKS) >= 30 for language in languages)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.where}-{a.text[:24]!a}")
def test_the_prompt_keeps_its_shape(attack: Attack) -> None:
    messages = prompts.question(brief_with(attack))
    assert [role for role, _ in messages] == ["system", "user", "assistant", "user"]
    assert messages[0] == ("system", wording.RULES[attack.language])
    written = "\n".join(content for role, content in messages if role == "user")
    assert MARKS.findall(written) == ["<resume>", "</resume>", "<answer>", "</answer>"]
    assert not FORGED.search(written)
    assert len(written) < 2_000, "nothing can crowd the rules out"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.where}-{a.text[:24]!a}")
def test_what_an_obeying_model_would_say_is_not_spoken(attack: Attack) -> None:
    brief = brief_with(attack)
    refused = guard.check(
        attack.obeyed,
        language=attack.language,
        target_role=brief.target_role[:160],
        history=brief.history,
    )
    assert refused is not None
