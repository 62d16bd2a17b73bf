"""An organisation's own wording: what may be worded, by which schema, and what stays as it is."""

from __future__ import annotations

import pytest

from server.language import overlay
from server.language.overlay import Own, WordingError
from server.language.pack import differences, shipped
from server.language.speech import Pack

PACKS = shipped()
FIRST = "families/backend: question[0].text"
OTHER = "How do you find out why a query takes so long?"


@pytest.fixture(params=sorted(PACKS.by_language))
def pack(request: pytest.FixtureRequest) -> Pack:
    return PACKS.by_language[request.param]


def faults(pack: Pack, place: str, text: str) -> list[tuple[str, str]]:
    with pytest.raises(WordingError) as refused:
        overlay.laid_over(pack, {place: text})
    return [(fault.at, fault.code) for fault in refused.value.faults]


def test_every_text_in_its_own_words_is_the_pack_again(pack: Pack) -> None:
    assert overlay.laid_over(pack, overlay.texts(pack)) == pack


def test_every_text_that_is_asked_or_said_can_be_worded_in_both_languages() -> None:
    korean, english = (overlay.texts(PACKS.by_language[one]).keys() for one in ("ko", "en"))
    assert {place for place in korean if "question" in place} == {
        place for place in english if "question" in place
    }
    for place in (
        FIRST,
        "families/backend: question[0].simpler",
        "families/backend: competency.knowledge.name",
        "families/backend: competency.knowledge.lines[0].text",
        "families/backend: focus",
        "stages: motivation.question[0].text",
        "stages: motivation.hints[1]",
        "probes: story.result.plain[0]",
        "probes: story.result.simpler",
        "speech: bridge.next[0]",
        "speech: bridge.stage.motivation",
        "speech: acknowledge.distress[0]",
        "speech: aside.moment",
        "speech: closing.goodbye",
    ):
        assert place in korean, place
        assert place in english, place


@pytest.mark.parametrize(
    "place",
    [
        "speech: opening.text",
        "speech: acknowledge.self_harm[0]",
        "speech: aside.agreed[0]",
        "families/backend: titles[0]",
        "families/backend: question[0].stage",
        "families/backend: question[99].text",
        "facts: machine.text",
        "notice: text[0]",
        "prompts: rules",
        "nonsense",
        "",
    ],
)
def test_what_is_not_theirs_to_word_is_refused(pack: Pack, place: str) -> None:
    assert faults(pack, place, "Anything else.") == [(place, "unknown")]


@pytest.mark.parametrize(
    ("place", "text", "code"),
    [
        (FIRST, " ", "empty"),
        (FIRST, "Is it slow? Is it fast?", "several"),
        (FIRST, "One. Two. Three?", "sentences"),
        (FIRST, f"Why {'so ' * 100}slow?", "long"),
        (FIRST, "What of {role}?", "slot"),
        (FIRST, "Is it\nslow?", "lines"),
        ("speech: bridge.next[0]", 'The "next" one.', "quoted"),
        ("speech: closing.thanks_named", "Thank you, {name}.", "slot"),
        ("probes: story.result.plain[0]", "* And then?", "quoted"),
    ],
)
def test_the_schema_of_packs_says_what_is_wrong_and_where(
    pack: Pack, place: str, text: str, code: str
) -> None:
    assert faults(pack, place, text) == [(place, code)]


def test_a_particle_that_the_language_has_not_is_found() -> None:
    place = "speech: closing.thanks_named"
    korean = PACKS.by_language["ko"]
    assert faults(korean, place, "{address}[xx] 고맙습니다.") == [(place, "particle")]


def test_only_the_words_change(pack: Pack) -> None:
    before = pack.families["backend"].question[0]
    worded = overlay.laid_over(pack, {FIRST: OTHER})
    after = worded.families["backend"].question[0]
    assert (after.text, after.stage, after.kind) == (OTHER, before.stage, before.kind)
    assert worded.asks("backend", before.stage, OTHER, None) == pack.kind(before)
    assert worded.simpler("backend", before.stage, OTHER) == before.simpler
    assert worded.families["nursing"] is pack.families["nursing"]
    assert pack.families["backend"].question[0] == before, "the pack itself stays"
    assert differences(worded, pack) == []


def test_the_same_question_twice_is_found_once_each(pack: Pack) -> None:
    second = overlay.texts(pack)["families/backend: question[1].text"]
    own = {FIRST: second}
    found = list(overlay.twice(overlay.laid_over(pack, own), own, PACKS))
    assert [(fault.at, fault.code) for fault in found] == [(FIRST, "twice")]
    fine = {FIRST: OTHER} if pack.language == "en" else {FIRST: "느린 조회는 어떻게 찾아내시나요?"}
    assert list(overlay.twice(overlay.laid_over(pack, fine), fine, PACKS)) == []


def test_what_the_pack_moved_is_followed_and_what_it_changed_is_stale(pack: Pack) -> None:
    known = overlay.texts(pack)
    moved = Own("Moved?", known["families/backend: question[3].text"])
    gone = Own("Gone?", "What the pack once asked?")
    kept = Own("Kept.", known["speech: bridge.next[0]"])
    wording = {
        FIRST: moved,
        "families/backend: question[1].text": gone,
        "speech: bridge.next[0]": kept,
    }
    settled = overlay.settled(pack, wording)
    assert settled.own == {
        "families/backend: question[3].text": "Moved?",
        "speech: bridge.next[0]": "Kept.",
    }
    assert settled.stale == {"families/backend: question[1].text": gone}


@pytest.mark.parametrize(
    ("place", "sort"),
    [
        (FIRST, "question"),
        ("families/backend: question[0].simpler", "question"),
        ("probes: story.result.plain[0]", "question"),
        ("speech: closing.question", "question"),
        ("speech: closing.question_simpler", "question"),
        ("speech: bridge.next[0]", "said"),
        ("families/backend: focus", "said"),
        ("stages: motivation.hints[0]", "said"),
        ("stages: motivation.competency.name", "rubric"),
        ("families/backend: competency.knowledge.lines[0].text", "rubric"),
    ],
)
def test_what_stands_at_a_place(place: str, sort: str) -> None:
    assert overlay.sort(place) == sort
