"""English: three to eight words that begin and end with something, cut where phrases end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from server.core.quote.span import Kind, Span, Word

_SHORTEST, _LONGEST = 3, 8
_FEWEST_POINTS = 3.0

_FUNCTION = frozenset(
    """a an the this that these those i me my mine we us our ours you your he she it its they them their
    and or but so because if when while although though since as than then also too very really just
    quite actually basically maybe perhaps well like um uh er hmm yeah yes no not okay ok oh
    am is are was were be been being do does did done have has had having will would can could should
    shall may might must to of in on at by for with from into onto over under about after before
    between through during without within per via up out off down again there here what which who
    whom whose where why how all any some each every both such own same only more most much many
    i'm i've i'd i'll we're we've we'd it's that's there's didn't don't doesn't wasn't weren't isn't
    couldn't wouldn't can't won't kind sort bit lot thing things stuff something anything everything
    let let's say said think guess mean know get got getting go going went s t""".split()
)
_BREAKERS = frozenset(
    """and but so because which while although though since then when where if unless until whereas
    that who""".split()
)
_DETERMINERS = frozenset(
    "a an the this that these those my our your his her its their some any".split()
)
_PREPOSITIONS = frozenset(
    """to of in on at by for with from into onto over under about after before between through during
    without within per via using instead rather as""".split()
)
_UNITS = r"(percent|times|million|billion|thousand|hundred|half|twice|double[ds]?|tripled?|dozens?|seconds?|ms)"
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred hundreds thousand thousands million millions"
).split()
_MEASURE = re.compile(rf"\d|^{_UNITS}$|^({'|'.join(_NUMBERS)})$", re.IGNORECASE)
_PROBLEM = re.compile(
    r"^(problem\w*|issues?|fail\w*|broke\w*|break\w*|bugs?|outages?|incidents?|slow\w*|late|delay\w*"
    r"|crash\w*|error\w*|conflict\w*|complain\w*|risk\w*|difficult\w*|hard|hardest|struggl\w*|mistake\w*"
    r"|wrong|bottleneck\w*|lost|missing|stuck|challeng\w*|disagree\w*|leak\w*|attack\w*|vulnerab\w*"
    r"|shortage\w*|defect\w*|timeouts?)$"
)
_DECISION = re.compile(
    r"^(decid\w*|decision\w*|chose\w*|choos\w*|choice\w*|select\w*|pick\w*|prefer\w*|prioriti\w*|trade-?offs?"
    r"|instead|rather|replac\w*|switch\w*|migrat\w*|moved|propos\w*|convinc\w*|reject\w*|compar\w*)$"
)
_TEAM = re.compile(
    r"^(team\w*|colleague\w*|manager\w*|stakeholder\w*|customer\w*|client\w*|mentor\w*|trained|coach\w*"
    r"|together|designers?|vendors?|interns?|juniors?|users?|patients?|students?|collaborat\w*)$"
)
_ACTION = re.compile(
    r"^(built|build\w*|designed|designing|wrote|written|led|leading|creat\w*|develop\w*|implement\w*|reduc\w*"
    r"|improv\w*|increas\w*|automat\w*|launch\w*|deploy\w*|manag\w*|organi[sz]\w*|analy[sz]\w*|test\w*"
    r"|fix\w*|solv\w*|refactor\w*|rewrote|set|introduc\w*|optimi[sz]\w*|measur\w*|investigat\w*|research\w*"
    r"|negotiat\w*|sold|taught|train\w*|hired|plann\w*|monitor\w*|migrat\w*|moved|split|add\w*|remov\w*"
    r"|cut|handl\w*|maintain\w*|ran|running|tuned|tuning|found|cach\w*|index\w*|review\w*|document\w*"
    r"|redesign\w*|restor\w*|work\w*|made|grew|doubled|started|learned|taught|integrat\w*|debug\w*)$"
)
_TERM = re.compile(r"[A-Z]{2,}|[a-z][A-Z]|\w[.+#/]\w|[+#]$|^(?=.*\d)(?=.*[A-Za-z])")
_NO_ANSWER = re.compile(
    r"\b(i )?(do not|don['’]?t|cannot|can['’]?t|couldn['’]?t) (really |quite )?(know|remember|recall|think of|hear"
    r"|understand|say|answer)|\bnot (really |quite )?sure\b|\bno (idea|comment|experience|answer|clue)"
    r"|\b(repeat|rephrase|skip)\b.*\b(question|it|that|this)\b|\blet me (think|see)|\b(moment|second|minute)s?,? please"
    r"|\b(good|great|interesting|tough|hard) question|\bnext question|\bpass\b\s*$|\bhear me\b|\bignore (all|any|the|previous)"
    r"|\b(system|previous|above) (prompt|instructions?)|\bthank you|\bthat['’]?s (it|all)\b|\bnever (used|done|worked)",
    re.IGNORECASE,
)


def spans(words: Sequence[Word]) -> Iterator[Span]:
    """The best span of every clause that has one."""
    if _NO_ANSWER.search(" ".join(word.text for word in words)):
        return
    for clause in _split(words):
        found = [span for span in _candidates(clause) if span.score >= _FEWEST_POINTS]
        if found:
            yield max(found, key=lambda span: (span.score, -span.start))


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    """At conjunctions, which begin another thought."""
    clause: list[Word] = []
    for word in words:
        if _plain(word) in _BREAKERS:
            yield clause
            clause = []
        else:
            clause.append(word)
    yield clause


def _candidates(clause: Sequence[Word]) -> Iterator[Span]:
    for first in range(len(clause)):
        if not _can_begin(clause, first):
            continue
        for size in range(_SHORTEST, min(_LONGEST, len(clause) - first) + 1):
            last = first + size - 1
            if _says_something(clause[last]):
                yield _span(clause, first, last)


def _can_begin(clause: Sequence[Word], first: int) -> bool:
    """Not in the middle of a noun phrase: what stands before has to be a small word or nothing."""
    if not _says_something(clause[first]):
        return False
    return first == 0 or not _says_something(clause[first - 1]) or _is_verb(clause[first])


def _span(clause: Sequence[Word], first: int, last: int) -> Span:
    chosen = clause[first : last + 1]
    plain = [_plain(word) for word in chosen]
    content = sum(_says_something(word) for word in chosen)
    score = float(content) - 0.5 * (len(chosen) - content)
    score += 2.5 * any(_MEASURE.search(word) for word in plain)
    score += 1.5 * any(_PROBLEM.match(word) for word in plain)
    score += 1.5 * any(_DECISION.match(word) for word in plain)
    score += 1.0 * any(_ACTION.match(word) for word in plain)
    score += 1.0 * min(sum(bool(_TERM.search(word.text)) for word in chosen), 2)
    score += 1.5 * _is_verb(chosen[0])
    score -= 2.0 * (first > 0 and _plain(clause[first - 1]) in _DETERMINERS)
    score -= 3.0 * (content < 2)
    score += _ending(clause, last)
    kind = next((kind for kind, pattern in _KINDS if any(map(pattern.search, plain))), "plain")
    return Span(chosen[0].start, _end(chosen[-1]), score, kind)


def _ending(clause: Sequence[Word], last: int) -> float:
    if last == len(clause) - 1:
        return 1.5
    following = _plain(clause[last + 1])
    if following in _PREPOSITIONS:
        return -0.5 if following == "of" else 0.5
    return -0.5 if following in _FUNCTION else -4.0


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("measure", _MEASURE),
    ("problem", _PROBLEM),
    ("decision", _DECISION),
    ("team", _TEAM),
    ("action", _ACTION),
)


def _plain(word: Word) -> str:
    return word.text.lower().replace("’", "'").strip("'.,")


def _says_something(word: Word) -> bool:
    plain = _plain(word)
    return plain not in _FUNCTION and any(c.isalnum() for c in plain)


def _is_verb(word: Word) -> bool:
    plain = _plain(word)
    return bool(_ACTION.match(plain) or _DECISION.match(plain)) and not plain.endswith("s")


def _end(word: Word) -> int:
    return word.end - (len(word.text) - len(word.text.rstrip("'’.,-/")))
