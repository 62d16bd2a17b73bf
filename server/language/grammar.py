"""What code knows of a language: its forms, never what somebody means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from server.core.understanding import Reading
from server.language import endings, korean, likeness, unspeakable
from server.language.grams import shared
from server.language.invented import invented

HANGUL = re.compile(r"[가-힣]")
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’+#.-]*")
_SPELLED = re.compile(r"(?<![가-힣])[가-힣](?:[\s.·_-]+[가-힣](?![가-힣]))+")


_NAMED = 2
"""Words that may stand between quotation marks: the name of something."""
QUOTED = re.compile(r"[“\"‘「『][^”\"’」』]{0,400}[”\"’」』]")
_MARKUP = re.compile(
    r"[*`<>{}\[\]|~^\\\n\r\t]|(?<![A-Za-z])\#|(?<!\w)_|_(?!\w)|https?:|www\.|//"
    r"|^\s*(?:[-•]|\d+[.)])\s"
)
_MOST_SENTENCES = 2
"""Of a follow-up."""
_SEVERAL = 3
"""Parts of one sentence that each ask."""
_ECHOED = 0.55
"""What asks for nothing and shares this much of its letters with the answer says it again."""


class Grammar:
    """A `server.core.pack.Grammar` of a language that code knows nothing of: what holds for any."""

    read_back = 8
    """So many words in a row of an answer are read back to the candidate."""

    most_words = 40
    particles: Mapping[str, str] = {}
    """After a consonant, and after a vowel."""

    def particle(self, word: str, form: str) -> str:
        """Raises KeyError for a form that this language does not have."""
        raise KeyError(f"{word}[{form}]")

    def ending(self, text: str) -> Reading:
        return endings.unknown(text)

    def plain(self, text: str) -> str:
        """Without invisible characters and odd widths; syllables spelled apart are joined."""
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
        return _SPELLED.sub(lambda found: re.sub(r"[\s.·_-]", "", found[0]), text)

    def unquoted(self, plain: str) -> str:
        return QUOTED.sub(" ", plain)

    def leaks(self, plain: str, instructions: str) -> bool:
        return likeness.leaks(plain, instructions)

    def unspeakable(self, plain: str) -> str | None:
        return next((why for why, never in unspeakable.NEVER if never.search(plain)), None)

    def marked(self, text: str) -> bool:
        return bool(_MARKUP.search(text.strip())) or any(map(is_picture, text))

    def written(self, plain: str) -> bool:
        return any(c.isalpha() for c in plain)

    def quotes(self, plain: str) -> bool:
        return any(len(found[0].split()) > _NAMED for found in QUOTED.finditer(plain))

    def too_long(self, plain: str) -> bool:
        return len(plain.split()) > self.most_words or len(plain) > 12 * self.most_words

    def form(self, plain: str, asking: str, *, asks: bool) -> str | None:
        parts = sentences(asking)
        if not parts:
            return "not_a_question"
        questions = [part.endswith("?") for part in parts]
        if asks and not (questions[-1] or self.requests(parts[-1].strip())):
            return "not_a_question"
        marks = plain.count("?") > asking.count("?") + 1
        return "several_questions" if sum(questions) > 1 or marks else None

    def requests(self, sentence: str) -> bool:
        """Whether it asks without being a question."""
        return False

    def asks_for(self, plain: str) -> bool:
        """Whether it asks for what is not yet known, as far as can be told."""
        return True

    def asked_at_once(self, plain: str) -> int:
        """Parts of it that each ask, as far as can be told."""
        return 0

    def repeats(self, plain: str, asked: Iterable[str]) -> bool:
        return likeness.repeats(plain, asked)

    def beside(self, plain: str, answer: str) -> str | None:
        if len(sentences(plain)) > _MOST_SENTENCES:
            return "too_long"
        heard = answer[: likeness.LONGEST_LOOKED_AT]
        echoes = not self.asks_for(plain) and shared(plain, heard) >= _ECHOED
        if echoes or likeness.repeats(plain, [heard]):
            return "echoed"
        if self.asked_at_once(self.unquoted(plain)) >= _SEVERAL:
            return "several_questions"
        return "quoted" if likeness.read_back(plain, answer) >= self.read_back else None

    def grounded(self, evidence: str, answer: str) -> bool:
        return likeness.grounded(evidence, answer)

    def invents(self, plain: str, sources: Iterable[str]) -> bool:
        return invented(plain, sources, latin=True)


class English(Grammar):
    few_words = 4

    def ending(self, text: str) -> Reading:
        return endings.english(text)

    def written(self, plain: str) -> bool:
        if any(not _latin(c) for c in plain if c.isalpha()):
            return False
        few = len(plain.split()) <= self.few_words
        return few or bool(unspeakable.ENGLISH_WORDS.search(plain))

    def requests(self, sentence: str) -> bool:
        return bool(unspeakable.ENGLISH_REQUEST.match(sentence))

    def asked_at_once(self, plain: str) -> int:
        return len(unspeakable.ENGLISH_PART.findall(plain))

    def asks_for(self, plain: str) -> bool:
        asked = unspeakable.ENGLISH_ASKING.search(plain)
        return bool(asked) or any(self.requests(part.strip()) for part in sentences(plain))


class Korean(Grammar):
    read_back = 5
    most_syllables = 90
    particles = korean.FORMS

    def particle(self, word: str, form: str) -> str:
        return korean.particle(word, form)

    def ending(self, text: str) -> Reading:
        return endings.korean(text)

    def written(self, plain: str) -> bool:
        if any(not (_latin(c) or HANGUL.match(c)) for c in plain if c.isalpha()):
            return False
        syllables = len(HANGUL.findall(plain))
        return syllables >= 1 and syllables >= 2 * len(LATIN_WORD.findall(plain))

    def too_long(self, plain: str) -> bool:
        syllables = len(re.findall(r"[가-힣0-9]", plain)) + 2 * len(LATIN_WORD.findall(plain))
        return syllables > self.most_syllables or len(plain) > 4 * self.most_syllables

    def form(self, plain: str, asking: str, *, asks: bool) -> str | None:
        """Its questions are known by their endings, and so is whether it is polite."""
        parts = sentences(asking)
        if not parts:
            return "not_a_question"
        bodies = [part.strip(" .!?…·,'\"”’") for part in parts]
        questions = [
            part.endswith("?") or bool(unspeakable.ASKS.search(body))
            for part, body in zip(parts, bodies, strict=True)
        ]
        if unspeakable.PLAIN_ORDER.search(bodies[-1]) or (
            questions[-1] and not unspeakable.POLITE.search(bodies[-1])
        ):
            return "impolite"
        if asks and not questions[-1]:
            return "not_a_question"
        said_first = [body for body in bodies[:-1] if unspeakable.ANNOUNCES.search(body)]
        return "several_questions" if sum(questions) - len(said_first) > 1 else None

    def asked_at_once(self, plain: str) -> int:
        return len(unspeakable.KOREAN_ASKING.findall(plain))

    def asks_for(self, plain: str) -> bool:
        return bool(unspeakable.KOREAN_ASKING.search(plain))

    def invents(self, plain: str, sources: Iterable[str]) -> bool:
        return invented(plain, sources, latin=False)


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])(?:\s+|$)", text.strip()) if s.strip(" .!?")]


def is_picture(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Cs", "Co", "Cn") or c in "\ufe0f\u20e3\u200d"


def _latin(c: str) -> bool:
    return c < "\u0250" or c in "μµ"


_KNOWN: Mapping[str, Grammar] = {"ko": Korean(), "en": English()}
_ANY = Grammar()


def grammar(language: str) -> Grammar:
    return _KNOWN.get(language, _ANY)
