"""What the pages say: the same in every language that comes with viva, and enough for the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from server.assets import share
from server.core.events import EndReason, Outcome, Source, StageName
from server.language import pages
from server.language.pack import PackError, shipped, together
from server.language.speech import Pack
from server.language.texts import Plural

PACKS = shipped()


def keys(language: str) -> set[str]:
    return set(PACKS.of(language).pages)


def test_every_language_that_comes_with_viva_says_the_same() -> None:
    assert all(pages.missing(PACKS, language) == [] for language in PACKS.by_language)
    for language in PACKS.by_language:
        assert {f"language.{one}" for one in PACKS.by_language} <= keys(language)


def test_there_are_words_for_every_status_and_reason() -> None:
    wanted = {f"plan.{outcome}" for outcome in get_args(Outcome)}
    wanted |= {f"plan.ended.{how}" for how in get_args(EndReason)}
    wanted |= {f"plan.source.{source}" for source in get_args(Source)}
    wanted |= {f"stage.{stage}" for stage in get_args(StageName)}
    wanted |= {f"plan.reason.{why}" for why in ("time", "covered", "candidate", "no_answer")}
    assert wanted <= keys(PACKS.otherwise)


def test_there_are_words_for_whatever_the_pages_name() -> None:
    static = share("static")
    named: set[str] = set()
    for page in static.rglob("*.html"):
        found = re.findall(r'data-(?:text|label|placeholder)="([^"]+)"', page.read_text("utf-8"))
        named |= set(found)
    for module in (static / "js").glob("*.js"):
        source = module.read_text("utf-8")
        named |= set(re.findall(r'(?:\btext\(|setText\([^;"]*?, )"([a-z_.]+)"', source))
    assert len(named) > 150
    assert named - keys(PACKS.otherwise) == set()


def with_pages(language: str, texts: dict[str, str | Plural]) -> dict[str, Pack]:
    english = PACKS.of("en")
    manifest = replace(english.manifest, otherwise=False)
    own = replace(english, language=language, manifest=manifest, pages=texts)
    return {**PACKS.by_language, language: own}


def test_what_a_small_pack_lacks_is_said_in_the_other_language() -> None:
    packs = together(with_pages("fr", {"retry": "Réessayer"}))
    said = pages.texts(packs, "fr")
    assert said["retry"] == "Réessayer"
    assert said["skip"] == PACKS.of("en").pages["skip"]
    assert said["plan.show"] == {"by": "count", "one": "1 question", "other": "{count} questions"}
    assert "skip" in pages.missing(packs, "fr")
    assert "retry" not in pages.missing(packs, "fr")


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"retrry": "Réessayer"}, "fr/pages.toml: retrry: no page has such a text"),
        ({"plan.show": "{combien} questions"}, "plan.show: {combien} is filled by nothing; known"),
    ],
)
def test_a_slip_of_the_pen_is_told(texts: dict[str, str | Plural], told: str) -> None:
    with pytest.raises(PackError, match=re.escape(told)):
        together(with_pages("fr", texts))
