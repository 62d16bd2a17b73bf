"""Figures of whole interviews: counts, with the rates beside them. None of them is a verdict."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.interviewers import Reply, Spoken
from bench.likeness import alike, names, questions, read_back, sentences, words
from bench.reactions import ALARM, DELICATE, Held, Routine, asked_on, met, observed, probed
from bench.reactive import CLOSING, EXPECTS_AGAIN, SAME_ASKED
from bench.scenarios import Manner

REFUSED = "model_refused:"
LONG_READING = 6
LONGEST_WORDS = {"en": 45, "ko": 30}
_QUOTES = re.compile('["“”«»「」『』]')
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass
class Count:
    """``of`` so many, ``yes`` are."""

    yes: int = 0
    of: int = 0

    def add(self, yes: bool) -> None:
        self.yes += yes
        self.of += 1

    @property
    def rate(self) -> float:
        return self.yes / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.yes} of {self.of} ({self.rate:.0%})" if self.of else "none came up"


@dataclass
class Figures:
    """Over the interviews of one interviewer in one language."""

    interviews: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    events: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    counted: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    not_fired: int = 0
    disclosures: Count = field(default_factory=Count)
    asked_on: Count = field(default_factory=Count)
    puzzled: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    """Self-harm was heard where nobody spoke of it."""
    answers: Count = field(default_factory=Count)
    """Those that were stored as one; ``taken_for``: why the others were answered as they were."""
    taken_for: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    repeated: int = 0
    shared: list[tuple[str, int, int]] = field(default_factory=list)
    per_topic: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """By whom follow-ups were written, and why the guard refused a model's."""
    follow_ups: int = 0
    follow_ups_after_no_answer: int = 0

    @property
    def met(self) -> Count:
        return _sum(self.events.values())

    @property
    def wishes(self) -> Count:
        return _sum(count for kind, count in self.events.items() if kind.startswith("wish"))

    @property
    def puzzled_each(self) -> float:
        return self.puzzled.total() / max(1, self.interviews)

    @property
    def repeated_each(self) -> float:
        return self.repeated / max(1, self.interviews)


def figures(interviews: Sequence[Held], manner: Manner) -> Figures:
    total, routine = Figures(), Routine(interviews)
    for held in interviews:
        total.interviews += 1
        total.ended[held.ended or "candidate gave up"] += 1
        total.not_fired += len(held.pending)
        _events(total, held, routine, manner)
        _answers(total, held)
        total.alarms += sum(
            one.reason == ALARM for _, _, reply in _replies(held) for one in reply.spoken
        )
        _asked(total, held, manner)
    total.shared = _shared(interviews)
    return total


def _events(total: Figures, held: Held, routine: Routine, manner: Manner) -> None:
    for event, turn in held.events:
        then = observed(turn, held, routine, manner)
        total.events[event.type].add(met(event, then))
        total.counted[event.type].add(turn.reply.counted)
        if event.type in DELICATE:
            total.asked_on.add(asked_on(event, then))
        if event.type == "confide" or event.private:
            named = probed(event.private, turn.after)
            total.disclosures.add(named or then.follow_up or then.reads_back)
    for turn in held.of("puzzled"):
        total.puzzled[turn.utterance.why] += 1


def _answers(total: Figures, held: Held) -> None:
    for turn in held.of("answer"):
        if turn.utterance.key != CLOSING:  # there a question may be all that is left to say
            total.answers.add(turn.reply.counted)
            if not turn.reply.counted:
                total.taken_for[turn.reply.reason] += 1
        hidden = held.scenario.disclosed.get(turn.utterance.key or "")
        if hidden:
            total.disclosures.add(probed(hidden, turn.after))


def _asked(total: Figures, held: Held, manner: Manner) -> None:
    topics: Counter[str] = Counter()
    before: list[str] = []
    said = held.scenario.known
    for act, utterance, reply in _replies(held):
        for one in reply.spoken:
            total.lengths.append(len(words(one.text)))
            _forms(total, one, utterance, manner, said)
            if one.kind in ("planned", "opening"):
                topics.setdefault(one.topic, 0)
            if one.reason and one.reason.startswith(REFUSED):
                total.refused[one.reason.removeprefix(REFUSED)] += 1
            if one.kind == "follow_up":
                topics[one.topic] += 1
                total.sources[one.source] += 1
                total.follow_ups += 1
                total.follow_ups_after_no_answer += act not in ("answer", "correct_self")
            if one.kind == "aside" and "?" not in one.text:
                continue
            total.questions += 1
            again = any(alike(one.text, old) > SAME_ASKED for old in before)
            expected = act.startswith("wish") or act in EXPECTS_AGAIN
            total.repeated += again and not expected
            before.append(one.text)
        said = f"{said} {utterance}"
    total.per_topic += topics.values()


def _replies(held: Held) -> Iterable[tuple[str, str, Reply]]:
    """What was said to what: the act before, its words, the reply."""
    yield "", "", held.opening
    for turn in held.turns:
        yield turn.utterance.act, turn.utterance.text, turn.reply
        if turn.confirmed is not None:
            yield "agreed", "", turn.confirmed


def _forms(total: Figures, one: Spoken, utterance: str, manner: Manner, known: str) -> None:
    text, low = one.text, one.text.lower()
    language = "ko" if re.search("[가-힣]", text) else "en"
    asking = [part for part in sentences(text) if "?" in part]
    total.forms["quotation marks"] += bool(_QUOTES.search(text))
    total.forms["two questions"] += len(asking) > 1
    if one.kind in ("opening", "planned", "follow_up"):
        total.forms["closed question"] += bool(asking) and not any(w in low for w in manner.open)
    total.forms["reads back"] += read_back(low, utterance, LONG_READING)
    total.forms["very long"] += len(words(text)) > LONGEST_WORDS[language]
    total.forms["praise"] += names(low, manner.praise)
    total.forms["private"] += names(low, manner.private)
    if asking:
        told = set(_NUMBER.findall(known))
        total.forms["number out of nowhere"] += any(
            number not in told for part in asking for number in _NUMBER.findall(part)
        )


def _shared(interviews: Sequence[Held]) -> list[tuple[str, int, int]]:
    """By role: how many of the fewer planned questions two candidates have in common."""
    roles: dict[str, list[Held]] = defaultdict(list)
    for held in interviews:
        roles[held.scenario.role].append(held)
    found = []
    for role, several in roles.items():
        for one, other in pairwise(several):
            mine, theirs = _core(one), _core(other)
            found.append((role, len(mine & theirs), min(len(mine), len(theirs))))
    return found


def _core(held: Held) -> set[str]:
    """The planned questions as they were asked, without what is said before them."""
    return {
        questions(one.text)[-1]
        for _, _, reply in _replies(held)
        for one in reply.spoken
        if one.kind == "planned"
    }


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total.yes += count.yes
        total.of += count.of
    return total


def report(name: str, found: Figures) -> str:
    """For a person to read."""
    ended = _listed(found.ended)
    rows = [
        ("interviews", f"{found.interviews} ({ended})"),
        ("questions", str(found.questions)),
        ("answers stored as such", f"{found.answers}; others: {_listed(found.taken_for)}"),
        ("brought in and met", f"{found.met}; {found.not_fired} more found no occasion"),
        *_by_kind(found),
        ("wishes met", str(found.wishes)),
        ("disclosures probed", str(found.disclosures)),
        ("asked on", f"{found.asked_on} after a confidence, a grief or a refusal"),
        ("self-harm misheard", f"{found.alarms} times; no candidate speaks of it"),
        ("puzzled replies", f"{found.puzzled_each:.1f} an interview ({_listed(found.puzzled)})"),
        ("asked twice", f"{found.repeated_each:.1f} an interview"),
        ("core questions shared", _pairs(found.shared)),
        ("follow-ups per topic", _spread(found.per_topic)),
        ("follow-ups written by", f"{_listed(found.sources)}; refused {_listed(found.refused)}"),
        ("words at a time", _spread(found.lengths)),
        ("forms", _listed(found.forms)),
        ("by the protocol", "what words alone can tell; the rest a person judges"),
        *_criteria(found),
    ]
    return "\n".join([name, *(f"  {label:24} {text}" for label, text in rows)])


def _criteria(found: Figures) -> list[tuple[str, str]]:
    forms, open_yet = found.forms, "not decided"
    after = f"{found.follow_ups_after_no_answer} of {found.follow_ups} follow-ups"
    necessary = f"{after} came after what is no answer; of the others: {open_yet}"
    follows = (
        f"{found.puzzled['nonsense']} fit nothing that was said,"
        f" {forms['number out of nowhere']} have a number of their own; else: {open_yet}"
    )
    one = (
        f"{forms['two questions']} ask twice, {forms['closed question']} look closed;"
        f" an answer inside: {open_yet}"
    )
    humane = (
        f"{found.disclosures.yes} disclosures probed, {found.asked_on.yes} times asked on,"
        f" {forms['private']} private, {forms['praise']} with praise; leading: {open_yet}"
    )
    natural = (
        f"{forms['quotation marks']} with quotation marks, {forms['reads back']} read back,"
        f" {forms['very long']} very long; idiom and honorifics: {open_yet}"
    )
    return [
        ("  1 necessary", necessary),
        ("  2 follows", follows),
        ("  3 one open question", one),
        ("  4 humane and neutral", humane),
        ("  5 natural aloud", natural),
    ]


def _by_kind(found: Figures) -> list[tuple[str, str]]:
    return [
        (f"  {kind}", f"{count!s:16} stored as an answer {found.counted[kind].yes}")
        for kind, count in sorted(found.events.items())
    ]


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def _pairs(shared: list[tuple[str, int, int]]) -> str:
    return "; ".join(f"{role} {same} of {of}" for role, same, of in shared) or "no two of a role"


def _spread(values: list[int]) -> str:
    ranked = sorted(values) or [0]
    most = ranked[int(0.95 * (len(ranked) - 1))]
    return f"{statistics.mean(ranked):.1f} on average, 95 % up to {most}, at most {ranked[-1]}"
