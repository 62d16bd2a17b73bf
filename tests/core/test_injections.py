"""Attacks through what a candidate writes and says: the prompt stays a prompt, and what an obeying
model would say is not spoken."""

from __future__ import annotations

import re

import pytest

from server.core import guard
from server.core.events import Exchange, Language
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.grammar import grammar
from server.wording import prompts
from tests.core.injections import ATTACKS, Attack

MARKS = re.compile(r"</?(?:answer|resume)>")
FORGED = re.compile(
    r"<\||\|>|\[/?INST\]|<<SYS>>|```|###|[\u200b-\u200f\u2060\ufeff]"
    r"|(?:^|\s)(?:system|assistant|user|시스템|어시스턴트)\s*:",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def understanding() -> OfflineUnderstanding:
    return OfflineUnderstanding(Encoder())


def test_there_are_enough_of_them_in_both_languages() -> None:
    languages: list[Language] = ["ko", "en"]
    assert len(ATTACKS) >= 80
    assert all(sum(a.language == language for a in ATTACKS) >= 30 for language in languages)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.where}-{a.text[:24]!a}")
def test_the_prompt_keeps_its_shape(attack: Attack) -> None:
    (system, rules), (user, written) = prompts.messages(attack.brief())
    assert (system, user) == ("system", "user")
    assert attack.text not in rules
    assert MARKS.findall(written) == ["<resume>", "</resume>", "<answer>", "</answer>"]
    assert not FORGED.search(written)
    assert len(written) < 3_000, "nothing can crowd the rules out"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.where}-{a.text[:24]!a}")
def test_what_an_obeying_model_would_say_is_not_spoken(
    attack: Attack, understanding: OfflineUnderstanding
) -> None:
    brief = attack.brief()
    role = brief.target_role[:160]
    told = brief.history[-1]
    refused = guard.check(
        attack.obeyed,
        grammar=grammar(attack.language),
        target_role=role,
        history=[Exchange(told.question, told.answer)],
        instructions=brief.pack.instructions,
    )
    answer = told.answer
    assert refused or understanding.weigh(attack.obeyed, role, answer)
