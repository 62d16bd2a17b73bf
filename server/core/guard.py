"""May this question be spoken? The last word on whatever a model wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from server.core import topics
from server.core.events import Exchange, Language

MAX_WORDS = 40
MAX_SYLLABLES = 90
_LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""

_QUOTED = re.compile(r"[“\"‘「『][^”\"’」』]*[”\"’」』]")
_HANGUL = re.compile(r"[가-힣]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’+#.-]*")
_MARKUP = re.compile(
    r"[*`<>{}\[\]|~^\\\n\r\t]|(?<![A-Za-z])#|(?<!\w)_|_(?!\w)|https?:|www\.|//|^\s*(?:[-•]|\d+[.)])\s"
)
_LEAK = re.compile(
    r"system prompt|시스템 ?프롬프트|(?:my|these|the|previous|above|initial|hidden|original|prior) (?:system )?(?:instructions|guidelines|prompt)\b"
    r"|as an? (?:ai|artificial|large|language)|language model|\bi (?:was|am|have been) (?:told|instructed|programmed|prompted|configured)"
    r"|언어 ?모델|\bgpt\b|chatgpt|\bqwen|\bllama\b|exaone|ignore (?:all|any|the|previous|your)|disregard|jailbreak|developer mode"
    r"|(?:이전|위의|기존|앞선|내부|받은|숨겨진|주어진) ?(?:지시|지침|명령|프롬프트|설정)|지시 ?사항|지시문|지침에 따|프롬프트(?:를|에|는) (?:무시|공개|출력|따라|받)"
    r"|\b(?:assistant|system|user|human)\s*:|<\|?|\[/?inst|resume_data|```|말하지 말라|설정되어 있|프로그래밍되",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|well|oh|wow|so|that(?:['’]s| is| was| sounds)|what|it(?:['’]s| is)|this is|you(?:['’]re| are|['’]ve| have)),? )*(?:an? |the |really |very |truly |such |so |absolutely |quite |pretty )*"
    r"(?:great|excellent|impressive|perfect|wonderful|awesome|fantastic|amazing|brilliant|outstanding|superb|terrific|lovely|good|nice|interesting|insightful|strong|solid|correct|right|exactly|incredible|remarkable)"
    r"\b(?=[!.,;:—]| (?:answer|job|work|point|question|example|experience|explanation|response|to hear|start|one|choice|approach|candidate|insight|and|that|background)\b)"
    r"|impressive|\bimpressed|well (?:done|said|put)|\bi (?:really )?(?:like|love|admire|appreciate) (?:your|how|that|the way)|\bkudos|congratulat"
    r"|good for you|you(?:['’]re| are) (?:clearly |very |so |really )*(?:smart|talented|qualified|the best|a (?:great|strong|perfect))"
    r"|훌륭|인상 ?깊|인상적|대단하|대단한|멋지|멋진|완벽하|완벽한|뛰어나(?:시|네|군)|좋은 (?:답변|대답|말씀|경험|사례|질문|접근)|잘 ?하셨|잘 (?:말씀|답변|대답|설명)해|감탄|놀랍|최고(?:예|네|입|의 답)|축하"
    r"|정답|맞습니다|역시 ",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"합격|탈락|채용(?:하겠|될 것|이 확정|되셨|해 드리)|점수(?:는|를|가) ?(?:\d|드리|매|몇|높|낮)|\d+ ?점(?:입|을 드|이)|평가 ?(?:결과|점수)|\byou(?:['’]re| are| have been) (?:hired|rejected|accepted|not a fit|a (?:good|bad|poor) fit)"
    r"|you(?:['’]ve| have)? (?:passed|failed)\b|\bi (?:would )?(?:rate|score|give) (?:you|your|that|this)|\b(?:out of|/) ?(?:10|ten|100|five)\b|offer you the (?:job|position)|your score|\byou get the job",
    re.IGNORECASE,
)
_PERSONAL_DATA = re.compile(
    r"주민 ?(?:등록)? ?번호|여권 ?번호|계좌|카드 ?번호|비밀 ?번호|전화번호|연락처를|(?:집|자택|현재) ?주소|이메일 ?주소|인증 ?번호|신분증|면허 ?번호|가족관계증명|입금|송금"
    r"|password|passport|social security|\bssn\b|credit card|bank account|account number|phone number|home address|e-?mail address|\bpin (?:code|number)|verification code|api key|id card|driver['’]?s licen|wire (?:the )?money"
    r"|\b(?:enter|tell me|give me|share|send) (?:me )?your (?:credentials|login)",
    re.IGNORECASE,
)
_RUDE = re.compile(
    r"(?<![가-힣])(?:너|너는|너의|네가|니가|너희|당신|당신은|당신의|야|자네|임마)(?=[\s,.?!]|$)|바보|멍청|한심|병신|새끼|시발|씨발|닥쳐|꺼져|미친|쓰레기|무식|형편없|거짓말(?:하|이)"
    r"|\bstupid|\bidiot|\bdumb\b|\bshut up|\bmoron|\bpathetic|\bfuck|\bshit\b|\bbullshit|\blazy\b|\bloser|\blying\b|\bliar|\bridiculous|\bterrible (?:answer|candidate)|\bwaste of|\bwhat(?:['’]s| is) wrong with you|\bincompetent",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(요|죠|니까|십시오|드립니다|바랍니다|드리겠습니다)$")
_ASKS = re.compile(
    r"(까요|나요|가요|신지요|는지요|을지요|던가요|시죠|시지요|세요|주시겠어요|하시겠어요|[습합입됩]니까|[가-힣]십니까|십시오"
    r"|부탁드립니다|부탁드리겠습니다|부탁드려요|바랍니다|듣고 싶습니다|여쭙겠습니다)$"
)
_PLAIN_ORDER = re.compile(
    r"(해라|하라|말해|해봐|해 봐|말해봐|봐라|해줘|줘|알려줘|대라|하시오|해보게|하게|렴|려무나|[냐니]|는가|은가|인가|을까|ㄹ까|할까|일까|었지|했지|하지|이야|거야|했어|있어|뭐야|건데)$"
)
_ENGLISH_WORDS = re.compile(
    r"\b(?:you|your|what|how|why|which|when|who|whom|whose|where|tell|describe|walk|explain|could|can|did|do|does|would|was|were|is|are|the)\b",
    re.IGNORECASE,
)
_ENGLISH_REQUEST = re.compile(
    r"^(?:[^.?!]*[,;:] )?(?:please |now,? |then,? )*(?:tell|describe|walk|explain|give|share|take|talk|help|outline|compare|name|think|pick|choose|imagine|let['’]s (?:talk|go)|i would like|i['’]d like)\b",
    re.IGNORECASE,
)  # fmt: skip


def check(
    text: str, *, language: Language, target_role: str, history: Sequence[Exchange]
) -> str | None:
    """None if the question may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``forbidden_topic``, ``personal_data``, ``leaked_instructions``, ``praise``, ``verdict``,
    ``impolite``, ``markup``.
    """
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"
    plain = topics.normal(text).strip()
    asking = _QUOTED.sub(" ", plain)
    if topics.forbidden(plain):
        return "forbidden_topic"
    if _PERSONAL_DATA.search(plain):
        return "personal_data"
    if _LEAK.search(plain):
        return "leaked_instructions"
    if _MARKUP.search(text.strip()) or _has_pictures(text):
        return "markup"
    if reason := _wrong_words(plain, asking):
        return reason
    if not _in_language(_without(asking, target_role), language):
        return "wrong_language"
    if _too_long(plain, language):
        return "too_long"
    if reason := _form(plain, asking, language):
        return reason
    return "repeated" if _repeats(plain, history) else None


def clean(text: str) -> str:
    """One spoken question out of a model's reply: no thoughts, labels, marks, praise or second
    question. What it cannot mend, ``check`` refuses."""
    text = re.sub(
        r"<think>.*?</think>|```\w*", " ", text[: _LONGEST_LOOKED_AT * 2], flags=re.DOTALL
    )
    text = "".join(c for c in text if not _is_picture(c) and unicodedata.category(c) != "Cf")
    text = re.sub(r"[*_`]{1,3}(?=\S)([^*_`\n]+?)(?<=\S)[*_`]{1,3}(?!\w)", r"\1", text)
    text = re.sub(r"(?m)^\s*(?:#{1,6}|[-•>*]|\d+[.)])\s+", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _LABEL.sub("", text)
    text = _unwrapped(text)
    text = _LABEL.sub("", text)
    return _without_praise(_first_question(text))


_LABEL = re.compile(
    r"^(?:(?:next |follow[- ]?up |interview )?question(?: \d+)?|q\d*|interviewer|assistant|answer|output|(?:다음 |후속 |꼬리 |추가 )?질문(?: ?\d+)?|면접관)\s*[:：]\s*",
    re.IGNORECASE,
)
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "«": "»"}


def _unwrapped(text: str) -> str:
    """Without quotation marks around the whole, and only those."""
    while len(text) > 1 and _PAIRS.get(text[0]) == text[-1]:
        inside = text[1:-1]
        if text[0] in inside or text[-1] in inside:
            break
        text = inside.strip()
    return text


def _first_question(text: str) -> str:
    """Up to the first question mark outside quotation marks, where there is one."""
    hidden = _QUOTED.sub(lambda found: "·" * len(found[0]), text)
    end = re.search(r"[?？]+", hidden)
    return text[: end.start()].rstrip() + "?" if end else text


def _without_praise(text: str) -> str:
    """Whole sentences of praise before the question are dropped, praise inside it is not."""
    sentences = re.split(r"(?<=[.!])\s+", text)
    while len(sentences) > 1 and _PRAISE.search(sentences[0]):
        sentences.pop(0)
    return " ".join(sentences)


def _wrong_words(plain: str, asking: str) -> str | None:
    # The candidate's own words may praise; each sentence of ours is looked at from its beginning.
    sentences = re.split(r"(?<=[.!?])\s+", asking.strip())
    if any(_PRAISE.search(sentence.strip()) for sentence in sentences):
        return "praise"
    if _VERDICT.search(plain):
        return "verdict"
    return "impolite" if _RUDE.search(plain) else None


def _without(asking: str, target_role: str) -> str:
    """The role is named as the résumé has it, in whatever language that is."""
    role = topics.normal(target_role).strip()
    return asking.replace(role, " ") if len(role) > 1 else asking


def _in_language(asking: str, language: Language) -> bool:
    letters = [c for c in asking if c.isalpha()]
    if any(not _known_letter(c) for c in letters):
        return False
    hangul = len(_HANGUL.findall(asking))
    if language == "en":
        return hangul == 0 and bool(_ENGLISH_WORDS.search(asking))
    return hangul >= 4 and hangul >= 2 * len(_LATIN_WORD.findall(asking))


def _known_letter(c: str) -> bool:
    return "가" <= c <= "힣" or c < "\u0250" or c in "μµ"


def _too_long(plain: str, language: Language) -> bool:
    if language == "en":
        return len(plain.split()) > MAX_WORDS or len(plain) > 12 * MAX_WORDS
    syllables = len(re.findall(r"[가-힣0-9]", plain)) + 2 * len(_LATIN_WORD.findall(plain))
    return syllables > MAX_SYLLABLES or len(plain) > 4 * MAX_SYLLABLES


def _form(plain: str, asking: str, language: Language) -> str | None:
    sentences = [s for s in re.split(r"(?<=[.!?])(?:\s+|$)", asking.strip()) if s.strip(" .!?")]
    if not sentences:
        return "not_a_question"
    if language == "en":
        asks = [s.endswith("?") for s in sentences]
        if not asks[-1] and not _ENGLISH_REQUEST.match(sentences[-1].strip()):
            return "not_a_question"
        return (
            "several_questions"
            if sum(asks) > 1 or plain.count("?") > asking.count("?") + 1
            else None
        )
    bodies = [s.strip(" .!?…·,'\"”’") for s in sentences]
    asks = [
        s.endswith("?") or bool(_ASKS.search(b)) for s, b in zip(sentences, bodies, strict=True)
    ]
    if not asks[-1]:
        return "impolite" if _PLAIN_ORDER.search(bodies[-1]) else "not_a_question"
    if not _POLITE.search(bodies[-1]):
        return "impolite"
    return "several_questions" if sum(asks) > 1 else None


def _repeats(plain: str, history: Sequence[Exchange]) -> bool:
    new = _bare(plain)
    return any(_same(new, _bare(exchange.question[:_LONGEST_LOOKED_AT])) for exchange in history)


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _same(new: str, old: str) -> bool:
    if not old:
        return False
    if new == old or (len(new) >= 12 and new in old):
        return True
    matcher = SequenceMatcher(None, new, old, autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def _has_pictures(text: str) -> bool:
    return any(_is_picture(c) for c in text)


def _is_picture(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Cs", "Co", "Cn") or c in "\ufe0f\u20e3\u200d"
