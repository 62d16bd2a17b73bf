"""A whole utterance that asks something of the interviewer instead of answering.

Only what is nothing but the request counts: "we had to skip the tests" is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from server.core.events import Language, Wish
from server.core.lists.patterns import joined

_FILLER = {
    "ko": re.compile(
        joined(r"""
        (?:음+|어+|아+|저기요?|저|그|네|예|죄송한데요?|죄송합니다만?|죄송하지만|죄송합니다|실례지만
        |혹시|근데|그런데|그럼|면접관님|지금|좀|제가)
        """)
    ),
    "en": re.compile(
        joined(r"""
        (?:um+|uh+|er+|hmm+|oh|so|well|okay|ok|sorry|i['’]m sorry|excuse me|pardon(?: me)?|hi|hello
        |actually|yeah|yes|please|thanks|thank you|if possible|if i may)
        """)
    ),
}
_KO = {
    "repeat": r"""
        (?:질문(?:을|이)? ?)?(?:다시|한 ?번만? ?더|다시 ?한 ?번만?)(?: ?(?:한 ?번만?
        |좀|더))? ?(?:만 )?(?:질문을 ?)?
        (?:말씀|얘기|이야기|질문|설명|들려|읽어|반복)(?:해|을)? ?(?:주세요|주시겠어요|주시겠습니까
        |주실래요
        |주실 ?수 ?있(?:나요|을까요|어요|습니까)|주십시오|부탁(?:드립니다|드려요|합니다))
        |(?:질문(?:을)? ?)?(?:다시 )?(?:잘 )?못 ?들었(?:습니다|어요|는데요)
        |잘 안 ?들(?:립니다|려요|렸어요|렸습니다)
        |(?:뭐라고|뭐라) ?(?:하셨(?:나요|어요|죠|습니까)|요)
        |질문(?:이|을)? ?(?:뭐였죠|뭐였나요|다시 ?(?:부탁(?:드립니다|드려요)|요))
        """,
    "rephrase": r"""
        (?:질문(?:을|이)? ?)?(?:다른 ?(?:말|표현|방식)(?:로|으로)|바꿔(?:서)?|쉽게|더 ?쉽게
        |풀어(?:서)?|구체적으로)
        (?: ?(?:다시|좀|한번))* ?(?:말씀|설명|질문|얘기)(?:해|을)? ?(?:주세요|주시겠어요|주실래요
        |주시겠습니까|주실 ?수 ?있(?:나요|을까요|습니까)|부탁(?:드립니다|드려요))
        |(?:질문(?:이|을)? ?)?(?:무슨 ?(?:뜻|의미|말씀)(?:인지)?|어떤 ?(?:뜻|의미)(?:인지)?) ?
        (?:이?(?:죠|신가요|세요|인가요|예요|에요|ㄴ가요)|모르겠(?:어요|습니다)|잘 모르겠(?:어요
        |습니다))
        |질문(?:이|을)? ?(?:잘 )?이해(?:가|를)? ?(?:안 ?(?:돼요|됩니다|가요|갑니다)|못 ?했(?:어요
        |습니다))
        """,
    "skip": r"""
        (?:이 ?|이번 ?|그 ?)?(?:질문(?:은|을)? ?)?(?:그냥 )?(?:넘어|넘기|건너뛰|패스)
        (?:가|고|어|하)?(?:겠(?:습니다|어요)|고 ?싶(?:습니다|어요)|ㄹ게요|갈게요|할게요|뛸게요
        |길게요
        |가도 ?(?:될까요|되나요|괜찮을까요)|가 ?주세요|요)
        |다음 ?질문(?:으로)? ?(?:넘어가(?: ?주세요|죠|시죠|겠습니다|도 될까요)|부탁(?:드립니다
        |드려요)|주세요|요)
        |패스(?:요|입니다)?
        """,
    "moment": r"""
        (?:잠시|잠깐|조금)(?:만)?(?:요| ?기다려 ?(?:주세요|주시겠어요|주십시오))?
        |(?:잠시|잠깐|조금)(?:만)? ?생각(?:해|할|을)? ?(?:보겠습니다|볼게요|시간을? ?(?:주세요
        |주시겠어요
        |주실 ?수 ?있(?:나요|을까요)|가져도 ?될까요)|하겠습니다|해도 될까요)
        |생각(?:할|해 ?볼) ?시간(?:을|이)? ?(?:조금 |잠시 |잠깐 )?(?:주세요|주시겠어요
        |주실 ?수 ?있(?:나요|을까요)
        |필요(?:합니다|해요))
        |생각 ?(?:좀|중)? ?(?:해 ?보겠습니다|해 ?볼게요|하고 ?있(?:습니다|어요)|이에요|입니다)
        """,
    "pause": r"""
        (?:면접(?:을)? ?)?(?:잠시|잠깐|조금)(?:만)? ?(?:쉬(?:었다|어|고)?|멈추|중단하|일시 ?정지)
        (?: ?(?:하고|가고|해도|었다가|추고|고|어도|하겠|어|었다))* ?(?:싶(?:어요|습니다)|될까요
        |되나요
        |괜찮을까요|갈게요|할게요|겠습니다|가도 될까요|주세요|주시겠어요)
        """,
    "end": r"""
        (?:오늘 ?)?(?:면접(?:을|은)? ?)(?:여기서|여기까지|이만|그만)? ?(?:마치|끝내|종료하|그만하
        |중단하|그만두)
        (?:겠습니다|고 ?싶(?:습니다|어요)|ㄹ게요|칠게요|낼게요|할게요|둘게요)
        |(?:여기서|여기까지|이만) ?(?:마치|끝내|종료하|그만하)(?:겠습니다|고 ?싶(?:습니다|어요))
        |(?:여기서|이만) ?(?:마칠게요|끝낼게요|그만할게요|종료할게요)
        """,
}
_POLITE_EN = (
    r"(?:(?:can|could|would|will) you |(?:can|could|may) i (?:get you to |ask you to )?){0,2}"
)
_EN = {
    "repeat": rf"""
        {_POLITE_EN}(?:please )?(?:repeat|say|ask|read)(?: (?:me|that|it|this|the question
        |your question
        |what you said|the last question))?(?: question)?(?: (?:again|once more|one more time
        |for me))*
        (?: please)?
        |{_POLITE_EN}(?:hear|have) (?:that|it|the question)(?: (?:again|once more|one more time))+
        |i (?:didn['’]t|did not|couldn['’]t|could not) (?:quite )?(?:hear|catch|get)
        (?: (?:that|you|it|the question|what you said))?
        |(?:come again|say again|what was (?:that|the question)(?: again)?|what did you (?:say|ask))
        """,
    "rephrase": rf"""
        {_POLITE_EN}(?:please )?(?:rephrase|reword|clarify|explain|simplify)(?: (?:that|it|this
        |the question|your question))?(?: (?:for me|a bit|differently|in other words))*
        |{_POLITE_EN}(?:please )?(?:put|ask|say) (?:that|it|the question)
        (?: (?:differently|another way|in another way|in other words|in a different way
        |in simpler (?:terms|words)))+
        |what (?:do|did) you mean(?: by (?:that|this|the question))?
        |i (?:don['’]t|do not|didn['’]t) (?:quite |really )?understand (?:the|your|that
        |this)(?: question)?
        """,
    "skip": rf"""
        (?:i(?:['’]d| would) (?:like|prefer|rather)(?: to)?|i want to|i['’]ll|i will|let me|let['’]s
        |{_POLITE_EN}(?:we )?|can we|could we|may we)? ?(?:just )?(?:skip|pass on)
        (?: (?:this|that|it|the)(?: (?:one|question))?)?(?: (?:for now))?
        |(?:i['’]ll |i )?pass
        |(?:can we |could we |let['’]s |please )?(?:go|move) (?:on )?to the next (?:one|question)
        |next question
        """,
    "moment": r"""
        (?:just )?(?:let me|i need to|i['’]d like to|i have to|can i|could i|may i) (?:just )?
        (?:think|have a think)(?: (?:about (?:that|it|this)|for (?:a|one) (?:moment|second|minute
        |bit)
        |a (?:moment|second|minute|bit)))*
        |(?:(?:can|could|may) i |i need |please )?(?:just )?(?:have |take |give me |get )?(?:just )?
        (?:a|one) (?:moment|second|minute|sec)(?: to think(?: about (?:that|it))?)?
        |hold on(?: a (?:moment|second|minute|sec))?|i need (?:some|a little
        |more) time(?: to think)?
        |give me (?:some|a little|more) time(?: to think)?
        """,
    "pause": r"""
        (?:(?:can|could|may) (?:we|i|you)|i(?:['’]d| would) like to|i need to|let['’]s)
        (?: please)? (?:pause|take a (?:short |quick |little )?break|have a (?:short |quick )?break
        |stop for a
        (?:moment|minute|second|bit))(?: (?:the interview|here|for a (?:moment|minute|second|bit)))*
        |(?:please )?pause the interview|i need a (?:short |quick )?break
        """,
    "end": r"""
        (?:(?:can|could|may) (?:we|i)|i(?:['’]d| would) like to|i want to|let['’]s)
        (?: please)? (?:(?:end|stop|finish|quit) the interview(?: (?:here|now))?|end (?:it )?here)
        |(?:please )?(?:end|stop) the interview(?: (?:here|now))?
        """,
}


def _compiled(source: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    return {wish: re.compile(joined(pattern)) for wish, pattern in source.items()}


_WISHES = {"ko": _compiled(_KO), "en": _compiled(_EN)}
_ORDER: tuple[Wish, ...] = ("repeat", "rephrase", "skip", "moment", "pause", "end")
_LONGEST = 80
_HESITATION = re.compile(r"u+[mh]+|e+rm*|hm+|a+h|음+|으음|어+|아+|에+")
_LONGEST_START = 4


def spoken_control(text: str, language: Language) -> Wish | None:
    """None: the utterance is an answer, or part of one."""
    if len(text) > 2 * _LONGEST:
        return None
    for tongue in (language, "en" if language == "ko" else "ko"):
        said = _bare(text, _FILLER[tongue])
        if not said or len(said) > _LONGEST:
            continue
        for wish in _ORDER:
            if _WISHES[tongue][wish].fullmatch(said):
                return wish
    return None


def _bare(text: str, filler: re.Pattern[str]) -> str:
    """Lower case, without punctuation, and without the small words around the request."""
    words = re.sub(r"[^\w'’\s]", " ", text).casefold()
    said = " ".join(_once(words.split()))
    while True:
        shorter = re.sub(rf"^(?:{filler.pattern}) (?=\S)|(?<=\S) (?:{filler.pattern})$", "", said)
        if shorter == said:
            return said
        said = shorter


def _once(words: Sequence[str]) -> list[str]:
    """Without starts that are taken up again at once, as in “can you can you”, “잠깐 잠깐만요”."""
    said: list[str] = []
    for word in words:
        if _HESITATION.fullmatch(word):
            continue
        said.append(word)
        while size := _restarted(said):
            del said[-2 * size : -size]
    return said


def _restarted(said: Sequence[str]) -> int:
    """How many words at the end are said anew; the last may have broken off: “re repeat”."""
    for size in range(min(_LONGEST_START, len(said) // 2), 0, -1):
        first, anew = said[-2 * size : -size], said[-size:]
        if first[:-1] == anew[:-1] and anew[-1].startswith(first[-1]):
            return size
    return 0
