"""Role phrases within text: cleaned labels' values, headlines, taglines, objectives, titles."""

from __future__ import annotations

import re

from server.document.pages import BULLET
from server.document.resume import MAX_ROLE
from workers.reading.headings import is_document_title
from workers.reading.labels import label_kind, squash
from workers.reading.roles import has_role_word, is_role_word, names_a_field, role_word_at
from workers.reading.vocabulary import is_placeholder
from workers.reading.words import is_hangul, pattern, words

_YEARS = re.compile(
    rf"""{pattern("years")}
    |(?:\(\s*+|(?<!\s)\s++)?(?<!\d)\d++(?:\.\d++)?\s*+\+?\s*+(?:-\s*+\d++\s*+)?(?:years?|yrs?)\b\.?['’]?
      (?:\s++of)?(?:\s++(?:work(?:ing)?\s++|professional\s++|industry\s++)?(?:experience|exp)\b\.?)?
      \s*+\)?
    |\(\s*+[mfwdxh](?:\s*+/\s*+[mfwdxh*]){{1,3}}\s*+\)""",
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATORS = re.compile(rf"(\s*[|│\u3163·{BULLET}∙•]\s*|\s+[-–—/~]\s+|\s{{3,}})")
_EDGES = f" \t|│·,.;:：/~-–—_*#\"'“”‘’<>《》「」『』{BULLET}"
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|override|pretend|forget)\b|\binstructions?\b|\bprompt\b(?! engineer)|"
    r"\byou (?:are|must|should|will)\b|\b(?:rate|score|hire|recommend) (?:this|the|me)\b|"
    rf"\bas an ai\b|<\|?/?\w+\|?>|{pattern('orders')}|[{{}}<>`]",
    re.IGNORECASE,
)
_PLACEHOLDERS = words("roles", "never")
_NOT_ROLES = re.compile(r"@|https?:|www\.|\d{3,}|[?!]\s*$|\b(?:19|20)\d\d\b")
_COMPANY_TAIL = re.compile(r"(?<!\s)\s++(?:@|at)\s++\S.*$|,\s++(?!and\b)[^,]*$", re.IGNORECASE)
_APPLYING = re.compile(rf"(?:(?<!\s)\s++)?(?:{pattern('applying')})$")
_SENTENCE_ENDS = re.compile(
    rf"(?:(?<!\s)\s++)?(?:(?:{pattern('copulas')})\s*+)?(?:(?<![.!~])[.!~]++\s*+)?$"
)
_LINKED = re.compile(rf"[\uac00-\ud7a3](?:{pattern('particles')})$")
_SYLLABLES = re.compile(r"[\uac00-\ud7a3]{2,4}")
_TOLD = re.compile(rf"[\uac00-\ud7a3](?:{pattern('told')})\s")
_NOUNS = words("roles", "nouns")
"""Words that end as if a particle did."""
_OPINIONS = frozenset(
    """a an the i am i'm im passionate experienced creative motivated self-motivated highly driven
    results-driven result-driven dedicated skilled hard-working hardworking detail-oriented
    enthusiastic self-taught aspiring seasoned innovative dynamic talented ambitious curious
    proactive versatile accomplished energetic committed reliable goal-oriented quick-learning
    adaptable organized collaborative resourceful award-winning certified current former
    professional friendly young proven knowledgeable qualified competent an very extremely
    customer-focused forward-thinking analytical multi-talented pragmatic humble happy as your
    challenging rewarding responsible suitable new full-time part-time entry-level permanent
    long-term good great growth-oriented reputable stable interesting exciting similar relevant
    meaningful any some entry level next first""".split()
)
_STOPS = frozenset(
    """with who whose that which at in for from by obsessed specializing specialising specialized
    specialised focused focusing passionate based working experienced skilled building driven
    currently having interested seeking looking dedicated turning turned offering committed where
    to on using serving within and, but while since over bringing building crafting creating making
    helping leading known devoted enthusiastic living developing designing delivering capable able
    eager ready determined aiming aspiring transitioning leveraging proficient &""".split()
)
_SEEKS = re.compile(
    r"\b(?:seek(?:ing|s)?|look(?:ing)?\s+for|obtain(?:ing)?|secur(?:e|ing)|pursu(?:e|ing)|gain(?:ing)?|"
    r"find(?:ing)?|land|appl(?:y|ying)\s+(?:for|to)|interested\s+in|acquire|attain|fulfil?l|hold)\s+"
    r"(?:(?:a|an|the|my|your)\s+)?(.{2,80})",
    re.IGNORECASE,
)
_AS_A = re.compile(
    r"\b(?:position|role|job|career|internship|work(?:ing)?|opportunity|employment|placement|"
    r"become|becoming|serve|be)\s+(?:as\s+)?(?:an?|the)\s+(.{2,60})",
    re.IGNORECASE,
)
_POST = frozenset("position role job internship opportunity post placement career".split())
_SEEKS_LAST = re.compile(
    rf"([\uac00-\ud7a3A-Za-z0-9/·&+ -]{{2,30}}?)\s{{0,3}}+"
    rf"(?:{pattern('post')})?(?:{pattern('towards')})?\s{{0,3}}+(?:{pattern('seeks')})"
)
_FILE_NOISE = re.compile(
    rf"{pattern('file_noise')}|resume|résumé|curriculum\s*vitae|"
    r"\bcv\b|cover\s*letter|portfolio|final|version|\bver?\.?\s?\d*|\bdraft\b|sample|example|"
    r"template|copy|\(\d+\)|\d{2,}[-._]?\d*|microsoft word|\.docx?|\.pdf|\.hwp",
    re.IGNORECASE,
)


class RoleRefused(Exception):
    """A text that stands where a role should, but must not become one; the reason's code."""


def without_years(text: str) -> str:
    """'Storm Chaser | 7 years' -> 'Storm Chaser'."""
    return " ".join(_EMPTY.sub(" ", _YEARS.sub(" ", text)).split()).strip(_EDGES)


def clean_role(text: str) -> str | None:
    """A role as it is stated, without years of experience; None where nothing is left.

    Raises RoleRefused for what is far too long or reads as an instruction to a machine.
    """
    text = " ".join(text.replace(BULLET, " · ").split())
    if _ORDERS.search(text):
        raise RoleRefused("target_role_instruction")
    text = _EMPTY.sub(" ", _YEARS.sub(" ", text))
    text = " ".join(text.split()).strip(_EDGES)
    text = text.removesuffix("()").strip()
    for pair in ("()", "[]"):
        if text.count(pair[0]) != text.count(pair[1]):
            text = text.strip(pair).strip()
    if len(text) > MAX_ROLE:
        raise RoleRefused("target_role_too_long")
    letters = squash(text)
    if is_placeholder(text):
        return None
    if len(letters) < 2 or letters.isdigit() or letters in _PLACEHOLDERS or _NOT_ROLES.search(text):
        return None
    if label_kind(text) or is_document_title(text) or re.fullmatch(r"[○●Oo0xX_□☐\s]+", text):
        return None
    return text


_TITLE_PARTS = re.compile(r"(?:(?<!\s)\s++)?[|│·_,:：•]\s*+|(?<!\s)\s++[-–—]\s++|[-–—_]")
_EMPTY = re.compile(r"\(\s*+(?:[,·/]\s*+)?\)|[·|,/]\s*+(?=[·|,/]|$)")


def stated_role(value: str) -> str | None:
    """The value of a label 'applied for': any short phrase, not a sentence."""
    sentence = objective_role(value) or tagline_role(value) if len(value.split()) > 6 else None
    if sentence:
        return sentence
    if len(value.split()) > 9 and not has_role_word(value):
        if len(value) > MAX_ROLE:
            raise RoleRefused("target_role_too_long")
        return None
    cleaned = clean_role(value)
    if cleaned is None:
        return None
    return _APPLYING.sub("", cleaned) or None


def headline_roles(text: str) -> str | None:
    """The parts of a headline that name a job: 'Engineer | Python | 5 years' -> 'Engineer'."""
    text = _YEARS.sub(" ", text)
    pieces = _SEPARATORS.split(text)
    parts, marks = pieces[::2], pieces[1::2]
    kept = ""
    for index, part in enumerate(parts):
        role = _headline_part(part)
        if role is None:
            if kept:
                break
            continue
        kept += (f" {marks[index - 1].strip() or '·'} " if kept else "") + role
    return clean_role(kept) if kept else None


def _headline_part(part: str) -> str | None:
    part = _APPLYING.sub("", _COMPANY_TAIL_OR_SAME(part.strip(_EDGES)))
    if not part or not has_role_word(part) or len(part) > MAX_ROLE:
        return None
    words = part.split()
    if len(words) > 8 or re.search(r"[.!?]\s", part) or re.search(r"[.!?]$", part):
        return tagline_role(part)
    if _TOLD.search(part):
        return tagline_role(part)
    if any(word.casefold() in _STOPS - {"&", "in", "for", "to", "on", "at"} for word in words):
        return tagline_role(part)
    if words[0].casefold() in {"i", "i'm", "i’m", "a", "an", "we", "my", "the"}:
        return tagline_role(part)
    return part


def _COMPANY_TAIL_OR_SAME(part: str) -> str:  # noqa: N802
    cut = _COMPANY_TAIL.sub("", part)
    tail = part[len(cut) :]
    return cut if has_role_word(cut) and not has_role_word(tail) else part


def tagline_role(text: str) -> str | None:
    """The head noun phrase of a sentence about oneself; it stands last in some languages."""
    if is_hangul(text):
        return _last_phrase(text)
    return _first_phrase(text)


def _last_phrase(text: str) -> str | None:
    for sentence in re.split(rf"(?<=[{pattern('told_ends')}])[.!]\s*|[\n]", text)[:2]:
        plain = _SENTENCE_ENDS.sub("", sentence.strip(_EDGES)).strip(_EDGES)
        tokens = plain.split()
        if tokens and _SYLLABLES.fullmatch(tokens[-1]) and not is_role_word(tokens[-1]):
            tokens = tokens[:-1]  # the person's name after the job's
        if not tokens or not is_role_word(tokens[-1]):
            continue
        kept = [tokens[-1].strip(_EDGES)]
        for token in reversed(tokens[:-1]):
            if _is_linked(token) or token.endswith((",", ".", "!")) or len(kept) >= 4:
                break
            kept.insert(0, token)
        return clean_role(" ".join(kept))
    return None


def _is_linked(token: str) -> bool:
    """It ends in a particle or an adnominal ending, so the noun phrase begins after it."""
    return bool(_LINKED.search(token)) and token not in _NOUNS and not is_role_word(token)


def _first_phrase(text: str) -> str | None:
    sentence = re.split(r"(?<=[a-z)])[.!;]\s", text.strip(_EDGES))[0]
    sentence = re.sub(r"^(?:hi|hello)[^a-z]*[,!.]\s*", "", sentence, flags=re.IGNORECASE)
    tokens = _YEARS.sub(" ", sentence).split()
    while tokens and tokens[0].casefold().strip(",’'") in _OPINIONS | {"and", "i’m"}:
        tokens.pop(0)
    end = role_word_at(tokens[:8])
    if end is None:
        return None
    phrase = tokens[: end + 1]
    following = tokens[end + 1] if end + 1 < len(tokens) else ""
    closed = phrase[-1].endswith((",", ".", ";", ":")) or not following
    if not closed and following.casefold().strip(",.") not in _STOPS | {"–", "-", "—", "|"}:
        return None
    middle = {word.casefold() for word in phrase[:-1]} - {"and", "&"}
    if middle & (_STOPS | _VERBS):
        return None
    return clean_role(" ".join(phrase))


_VERBS = frozenset("is was are were has have had worked led managed as be been will can".split())


def objective_role(text: str) -> str | None:
    """What an objective says is sought: 'To obtain an on-campus position …'."""
    text = " ".join(text.split())
    if is_hangul(text):
        found = _SEEKS_LAST.search(text)
        if found:
            phrase = found.group(1).strip()
            tokens = [token for token in phrase.split() if not _is_linked(token)]
            role = " ".join(tokens[-3:])
            return clean_role(role) if has_role_word(role) or names_a_field(role) else None
        return _last_phrase(text)
    if found := _AS_A.search(text):
        post = _sought(found.group(1))
        if post and has_role_word(post):
            return post
    for found in _SEEKS.finditer(text):
        if post := _sought(found.group(1)):
            return post
    opening = text.partition(" ")[0].casefold().strip(",.")
    # 'Electrician apprentice position with a union contractor'
    post = None if opening in _STOPS | {"i", "my"} else _sought(text)
    return post if post and has_role_word(post) else None


def _sought(text: str) -> str | None:
    words: list[str] = []
    post = ""
    tokens = text.split()
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        plain = token.casefold().strip(",.;:")
        if plain in _POST:
            post = token.strip(",.;:")
            break
        joins = (plain == "of" and words) or (plain in ("&", "and") and is_role_word(following))
        if plain in _STOPS | {"as", "and", "or", "of"} and not joins:
            break
        words.append(token)
        if token.endswith((",", ".", ";", ":")):
            break
    while words and words[0].casefold().strip(",") in _OPINIONS | {"and", "&"}:
        words.pop(0)
    phrase = " ".join(words).strip(_EDGES)
    if not phrase:
        return None
    if has_role_word(phrase):
        return clean_role(phrase)
    return clean_role(f"{phrase} {post}") if post and len(words) <= 4 else None


def title_role(text: str, name: str | None) -> str | None:
    """The role in a PDF title, running header or file name, beside the person's name."""
    text = _FILE_NOISE.sub(" ", text)
    if not re.search(r"\s[-–—|]\s|[^\W_]\s[^\W_]", text):
        text = re.sub(r"[_-]+", " ", text)  # John_Doe_Data_Engineer
    parts = _TITLE_PARTS.split(text)
    names = {squash(name)} | {squash(part) for part in name.split()} if name else set()
    for part in parts:
        words = [word for word in part.strip(_EDGES + "()[]").split() if squash(word) not in names]
        phrase = " ".join(words).strip(_EDGES + "()[]")
        if not phrase or len(words) > 6 or not has_role_word(phrase):
            continue
        if re.search(r"\b(?:at|the|for|by|of)\b", phrase, re.IGNORECASE) and len(words) > 4:
            continue
        return clean_role(_APPLYING.sub("", phrase))
    return None
