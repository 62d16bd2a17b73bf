"""May this question be spoken? The last word on whatever a model wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from server.core import wording
from server.core.events import Exchange, Language
from server.core.lists import topics, uptake
from server.core.lists.patterns import joined

MAX_WORDS = 40
MAX_SYLLABLES = 90
_LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""

_OURS = 5
"""So many words in a row as in our own instructions were not written for the candidate."""
_QUOTED = re.compile(r"[“\"‘「『][^”\"’」』]{0,400}[”\"’」』]")
_HANGUL = re.compile(r"[가-힣]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’+#.-]*")
_MARKUP = re.compile(
    joined(r"""
    [*`<>{}\[\]|~^\\\n\r\t]|(?<![A-Za-z])\#|(?<!\w)_|_(?!\w)|https?:|www\.|//|^\s*(?:[-•]
    |\d+[.)])\s
    """)
)
_LEAK = re.compile(
    joined(r"""
    system prompt|developer mode|jailbreak|disregard|```|<\||\[/?inst|\b(?:my|these|your|previous
    |above|initial|hidden|original|prior) (?:system )?(?:instructions|prompt)\b|\b(?:i am|i['’]m
    |as) an? (?:ai|artificial|large|language)\b(?! interviewer)|\bi (?:was|am|have been) (?:told
    |instructed|programmed|prompted|configured) to|ignore (?:all|any|everything|the (?:above
    |previous|rules)|previous|your)|\b(?:assistant|system|user|human)\s*:|resume_data
    |시스템 ?프롬프트|(?:저는|나는|제가) [가-힣 ]{0,8}(?:언어 ?모델|인공지능|챗봇)|지시 ?사항(?:을
    |에|은|대로)|지시문|지시를 받|프롬프트(?:를|에|는) (?:무시|공개|출력|따라|받)|(?:이전|위의?
    |앞선|내부|숨겨진|받은|주어진|기존) ?(?:지시|지침|프롬프트|명령)(?:을|를|은|는
    |에)? ?(?:모두 )?(?:무시|따르|따라|공개|알려|출력|받)|규칙(?:을|은) (?:모두 )?(?:무시|공개)
    |(?:역할|개발자 ?모드)(?:을|를|로) (?:바꾸|전환|벗어나)
    """),
    re.IGNORECASE,
)
_PRAISE = re.compile(
    joined(r"""
    ^(?:(?:ok(?:ay)?|yes|well|oh|wow|so|that(?:['’]s| is| was| sounds)|what|it(?:['’]s| is)
    |this is|you(?:['’]re| are|['’]ve| have)),? )*+(?:an? |the |really |very |truly |such |so[ ]
    |absolutely |quite |pretty )*(?:great|excellent|impressive|perfect|wonderful|awesome|fantastic
    |amazing|brilliant|outstanding|superb|terrific|lovely|good|nice|interesting|insightful|strong
    |solid|correct|right|exactly|incredible|remarkable)\b(?=[!.,;:—]|$| (?:answer|job|work|point
    |question|example|experience|explanation|response|to hear|start|one|choice|approach|candidate
    |insight|and|that|background)\b)|impressive(?=[!.,]|$)|\bimpressed\b|^well (?:done|said|put)
    |\bkudos|congratulat|good for you|\bi (?:really )?(?:like|love|admire|appreciate) (?:your|how
    |that|the way)|you(?:['’]re| are) (?:clearly |very |so |really )*(?:smart|talented|qualified
    |the best|a (?:great|strong|perfect))|(?:훌륭|대단|완벽|멋지|멋있|뛰어나|인상적이|인상 ?깊
    |놀라|놀랍|탁월)[가-힣]{0,3}(?:네요|군요|니다|어요|에요|해요|셨)|(?:훌륭한|좋은|멋진|인상적인
    |인상 ?깊은|완벽한|뛰어난|대단한) [가-힣]{2,4} ?(?:이네|이군|입니|이에|이십|감사|잘 들
    |[을를] (?:하셨|해 주셨|들려))|잘 ?하셨(?:네|습|어|군)|잘 (?:말씀|답변|대답|설명)해 주셨|감탄
    |최고(?:예|네|입|의 (?:답|지원))|축하|정답(?:입|이에|이네|이군)|^(?:네,? )?맞(?:습니다|아요)
    """),
    re.IGNORECASE,
)
_VERDICT = re.compile(
    joined(r"""
    합격(?:입|이|하셨|을 축하|시키|될|하실|드|권)|탈락(?:입|이|하셨|될|시키)|채용(?:하겠|될 것
    |이 확정|되셨|해 드리)|(?:답변|지원자|면접)[가-힣 ]{0,6} ?점수|점수(?:는|를|가) ?(?:\d|드리
    |매기겠)|\d ?점(?:입|을 드|이에)|(?:지원자|답변)[가-힣]{0,3} ?평가|평가 ?결과(?:는
    |를) (?:알려|말씀)|\byou(?:['’]re| are| have been) (?:hired|rejected|accepted|not a fit
    |a (?:good|bad|poor) fit)|\byou(?:['’]ve| have) (?:passed|failed)\b|\byou (?:passed
    |failed) (?:the|this) interview|\bi (?:would )?(?:rate|score|give) (?:you|your|that|this)
    |your score\b|offer you the (?:job|position)|\byou (?:get|got|have) the job
    """),
    re.IGNORECASE,
)
_PERSONAL_DATA = re.compile(
    joined(r"""
    (?:주민 ?(?:등록)? ?번호|여권 ?번호|계좌(?: ?번호)?|카드 ?번호|비밀 ?번호|전화 ?번호
    |휴대폰 ?번호|연락처|주소|이메일|인증 ?번호|신분증|면허 ?번호|아이디)(?:을|를|은|는|이|가
    |도)? ?(?:좀 |먼저 |다시 |한번 |지금 )*(?:알려|말씀|무엇|뭐|뭔|입력|어떻게 되|불러|보내|적어
    |제출|공유|몇|확인해 주|어디)|(?:본인|지원자)[가-힣]* (?:집 ?)?(?:주소|계좌|비밀 ?번호|연락처)
    |입금|송금|\byour (?:\w+ )?(?:passwords?|passport|ssn|social security|credit card|bank account
    |account number|phone number|telephone|(?:home |street |mailing )?address|e-?mail|pin (?:code
    |number)|id (?:card|number)|verification code|api key|driver['’]?s licen[cs]e|credentials
    |login)\b(?! (?:polic|hash|rotat|storage|manage))|\b(?:tell|give|send|share|read|enter|confirm
    |type)(?: (?:me|us))? (?:the |a |any )?(?:password|passport|social security|credit card
    |bank account|phone number|verification code)|\bwire (?:the |some )?money
    """),
    re.IGNORECASE,
)
_RUDE = re.compile(
    joined(r"""
    (?<![가-힣])(?:너|너는|너의|네가|니가|너희|당신|당신은|당신의|당신이|야|자네|임마)(?=[\s,.?!]
    |$)|바보|멍청|한심|병신|새끼|시발|씨발|닥쳐|꺼져|미친 (?:거|놈|소리|짓)|쓰레기(?! ?(?:수집|값
    |통))|무식하|형편없|거짓말(?:하|이)|\bstupid|\bidiot|\bdumb (?:question|answer|idea)|\bshut up
    |\bmoron|\bpathetic|\bfuck|\bshit\b|\bbullshit|\bloser|\bliar\b|\bridiculous
    |\bterrible (?:answer|candidate)|\bwaste of (?:my )?time|\bwhat(?:['’]s| is) wrong with you
    |\byou(?:['’]re| are) (?:so |very |just )?(?:lazy|lying|incompetent|dumb)
    """),
    re.IGNORECASE,
)
_GIVES_AWAY = re.compile(
    joined(r"""
    \b(?:the |a )?(?:correct|right|best|ideal|expected|good|model) (?:answer|response|solution)[ ]
    (?:is|was|would|here|to this)|\bhint\s*[:,]|\b(?:as|here is) a hint\b|\byou (?:could|should
    |might) (?:answer|say|reply|respond) (?:that|with|something|by)\b|\bfor example,? you (?:could
    |should|might|can) (?:say|answer|mention)|\bi(?:['’]m| am) looking for\b|\bwould(?:n['’]t| not
    ) you agree|\bdon['’]t you (?:think|agree)|\bis(?:n['’]t| it not) it (?:true|because|better
    |obvious)|, (?:right|correct|isn['’]t it|aren['’]t you|didn['’]t you|don['’]t you
    |wasn['’]t it|doesn['’]t it|is that not so)\?
    |(?:정답|모범 ?답안?|올바른 답|맞는 답)(?:은|는|이|을)(?! (?:붙|있|없|달))|힌트(?:를|는|:)
    |라고 (?:답|대답)(?:하시면|하면|해 ?주시면|하셔야)
    |(?:라고|다고) 말씀하시면 (?:됩|좋)
    |때문이(?:죠|지요|겠죠|잖아요)|(?:맞|그렇|아니겠|않겠)(?:죠|지요)\?
    |(?:맞|그렇|당연하)(?:습니까|지 않나요|지 않습니까|지 않을까요)\?
    """),
    re.IGNORECASE,
)
_OF_THE_CANDIDATE = re.compile(
    r"\b(?:you|your|yours)\b|[“\"]|하셨|셨|신다|시는|신 |말씀|답변|라고|다고", re.IGNORECASE
)
_EXPLAINS = re.compile(
    joined(r"""
    \bbecause\b|\b(?:usually|typically|generally|always|in general|essentially|basically)\b
    |\b(?:is|are) (?:used|needed|required|important|essential|better|when|defined|known|called)\b
    |\b(?:means|ensures?|prevents?|allows?|helps?|reduces?|improves?) |\b(?:should|must) |때문
    |일반적으로|보통|대개|중요합니다|필요합니다|해야 합니다|의미합니다|줄여 줍니다|막아 줍니다
    |[가-힣]{1,8}(?:하는|되는|위한|위해|라는) (?:것|방법|기술|개념|방식|장치
    |도구)(?:입니다|이죠|이에요)
    """),
    re.IGNORECASE,
)
_POLITE = re.compile(r"(요|죠|니까|십시오|드립니다|바랍니다|드리겠습니다|싶습니다|여쭙겠습니다)$")
_ASKS = re.compile(
    joined(r"""
    (까요|나요|가요|신지요|는지요|을지요|던가요|시죠|시지요|세요|주시겠어요|하시겠어요
    |[습합입됩]니까|[가-힣]십니까|십시오|부탁드립니다|부탁드리겠습니다|부탁드려요|바랍니다
    |듣고 싶습니다|여쭙겠습니다)$
    """)
)
_PLAIN_ORDER = re.compile(
    joined(r"""
    (해라|하라|말해|해 ?봐|말해봐|봐라|해줘|줘|대라|하시오|해보게|하게|렴|[냐니]|는가|은가|인가
    |을까|할까|일까|었지|했지|하지|이야|거야|했어|있어|뭐야|건데|었어|았어)$
    """)
)
_ENGLISH_WORDS = re.compile(
    joined(r"""
    \b(?:you|your|what|how|why|which|when|who|whom|whose|where|tell|describe|walk|explain|could
    |can|did|do|does|would|was|were|is|are|the)\b
    """),
    re.IGNORECASE,
)
_ENGLISH_REQUEST = re.compile(
    joined(r"""
    ^(?:[^.?!]*[,;:] )?(?:please |now,? |then,? ){0,3}(?:tell|describe|walk|explain|give|share|take
    |talk|help|outline|compare|name|think|pick|choose|imagine|let['’]s (?:talk|go)|i would like
    |i['’]d like)\b
    """),
    re.IGNORECASE,
)
_LABEL = re.compile(
    joined(r"""
    ^(?:(?:next |follow[- ]?up |interview )?question(?: \d+)?|q\d*|interviewer|assistant|output
    |(?:다음 |후속 |꼬리 |추가 )?질문(?: ?\d+)?|면접관)\s*[:：]\s*
    """),
    re.IGNORECASE,
)
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "«": "»"}


def check(
    text: str,
    *,
    language: Language,
    target_role: str,
    history: Sequence[Exchange],
    follows: str | None = None,
) -> str | None:
    """None if the question may be spoken, else why not, as a short code.

    ``wrong_language``, ``too_long``, ``not_a_question``, ``several_questions``, ``repeated``,
    ``forbidden_topic:`` and which, ``personal_data``, ``leaked_instructions``, ``praise``,
    ``verdict``, ``impolite``, ``answer_given``, ``markup``. ``follows``: the answer that the
    question is to follow up; then also ``echoed``, ``misquoted`` and ``ungrounded``.
    """
    if len(text) > _LONGEST_LOOKED_AT:
        return "too_long"
    plain = topics.normal(text).strip()
    asking = _QUOTED.sub(" ", plain)
    if not asking.strip(" .!?"):
        return "not_a_question"
    return (
        _content(plain, asking)
        or ("markup" if _MARKUP.search(text.strip()) or any(map(_is_picture, text)) else None)
        or (None if _in_language(_without(asking, target_role), language) else "wrong_language")
        or ("too_long" if _too_long(plain, language) else None)
        or _form(plain, asking, language)
        or ("repeated" if _repeats(plain, history) else None)
        or (None if follows is None else _uptake(plain, asking, follows))
    )


def whole(text: str) -> bool:
    """Whether a reply that is still being written holds its first question to the end, so that
    nothing after it will be spoken."""
    *_, text = text.rpartition("</think>")
    seen = _QUOTED.sub(lambda found: "·" * len(found[0]), text)
    end = re.search(r"[?？][^\w\s]{0,9}\s", seen)
    if end is None or "<think>" in seen:
        return False
    before = seen[: end.start()]
    return before.count('"') % 2 == 0 and not re.search(r"[“「『]", before)


def clean(text: str) -> str:
    """One spoken question out of a model's reply: no thoughts, labels, marks, praise or second
    question. What it cannot mend, ``check`` refuses."""
    text = re.sub(
        r"<think>.*?</think>|```\w*", " ", text[: _LONGEST_LOOKED_AT * 2], flags=re.DOTALL
    )
    text = "".join(c for c in text if not _is_picture(c) and unicodedata.category(c) != "Cf")
    text = re.sub(r"`+([^`]*)`+", r"\1", text)
    text = re.sub(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])", r"\2", text)
    text = re.sub(r"(?m)^[^\S\n]*+(?:#{1,6}|[-•>*]|\d+[.)])\s++", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _LABEL.sub("", text)
    text = _unwrapped(text)
    text = _LABEL.sub("", text)
    return _without_praise(_first_question(text))


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


def _content(plain: str, asking: str) -> str | None:
    """What is wrong with the words themselves, whatever their form."""
    topic = topics.forbidden(plain)
    if topic is not None:
        return f"forbidden_topic:{topic}"
    if _runs(plain) & _INSTRUCTIONS:
        return "leaked_instructions"
    patterns = (
        ("personal_data", _PERSONAL_DATA),
        ("leaked_instructions", _LEAK),
        ("verdict", _VERDICT),
        ("impolite", _RUDE),
        ("answer_given", _GIVES_AWAY),
    )
    if reason := next((reason for reason, pattern in patterns if pattern.search(plain)), None):
        return reason
    # The candidate's own words may praise; ours are looked at sentence by sentence.
    sentences = re.split(r"(?<=[.!?])\s+", asking.strip())
    return "praise" if any(_PRAISE.search(sentence.strip()) for sentence in sentences) else None


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Words in a row; in Korean, which has longer words, fewer."""
    words = [_bare(word) for word in text.split()]
    length = 4 if _HANGUL.search(text) else _OURS
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _uptake(plain: str, asking: str, answer: str) -> str | None:
    """A follow-up is about what was said: it neither invents words nor lectures before it asks."""
    if _repeats(plain, [Exchange(answer[:_LONGEST_LOOKED_AT], "")]):
        return "echoed"
    if uptake.misquotes(plain, answer):
        return "misquoted"
    if not uptake.takes_up(plain, answer):
        return "ungrounded"
    *before, _ = re.split(r"(?<=[.!?])\s+", asking.strip())
    lectures = (s for s in before if _EXPLAINS.search(s) and not _OF_THE_CANDIDATE.search(s))
    return "answer_given" if any(lectures) else None


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


def _is_picture(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Cs", "Co", "Cn") or c in "\ufe0f\u20e3\u200d"


_INSTRUCTIONS = frozenset[tuple[str, ...]]().union(
    *(_runs(line) for told in wording.TOLD for line in told.splitlines())
)
