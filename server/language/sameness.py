"""Whether two questions ask the same, also in other words."""

from __future__ import annotations

import re
import unicodedata

from server.language.patterns import joined, words

_ALIKE = 0.8
"""Share of the words that carry the meaning, from which two questions ask the same."""
_FEWEST = 3
"""With fewer such words a question is the same only when all of them are."""

# What a question is framed with carries nothing; what it asks for does: why, how, what.
_WHY = re.compile(
    joined(r"""
    \bwhat (?:made|led|drove|prompted|motivated|brought) you(?: to)?\b|\bfor what reasons?\b
    |\bwhat (?:was|were|is|are) (?:the|your) (?:reasons?|motivations?)(?: (?:for|to|that|why))?\b
    |\bhow come\b
    """),
    re.IGNORECASE,
)
_HOW = re.compile(
    r"\b(?:in what way|by what means|what (?:steps|approach) did you take(?: to)?)\b",
    re.IGNORECASE,
)
_FRAME = words("""
    a an the and or of to in on at for with from by as that this these those it its if so then than
    i me my we us our you your yours they them their he she his her
    is are was were be been being do does did doing done have has had having
    can could would will shall should may might must please now next also just really ever
    tell describe explain walk give share talk take say discuss elaborate outline through about more
    time case example there any some one where when
    """)
_SUFFIX = re.compile(r"(?:ations?|ings?|edly|ed|ies|es|s|ly|e)$")

_KO_WHY = re.compile(r"(?:이유|까닭|동기|계기|왜)")
_KO_HOW = re.compile(r"(?:어떻게|어떤 ?(?:방법|방식|식)|방법|방식|과정)")
_KO_FRAME = re.compile(
    joined(r"""
    (?:말씀|설명|소개|이야기|얘기|답변)(?:해|하|을|를|부탁|드)?[가-힣]*|(?:주|해|하|되|있|없|했|였|됐
    |보|드리)(?:시|신|셨|실|으시|으신|으셨)?(?:겠|었|았|는|은|던|을|ㄹ)?[가-힣]{0,4}|부탁[가-힣]*
    |(?:무엇|뭐|무슨|어떤|어느|어디)[가-힣]{0,3}|(?:것|거|점|때|수|적|분|등|중|및|가운데|가장|제일|좀
    |조금|한번|한 번|다시|더|그|이|저|본인|지원자|자신)[은는이가을를도에의와과]?
    """)
)
_JOSA = re.compile(
    joined(r"""
    (?:에서는|에서의|으로는|에게서|이라고|이라는|라고|라는|에서|에게|으로|부터|까지|처럼|보다|이나|
    |하고|이며|이고|은|는|이|가|을|를|의|에|와|과|도|로|만|나)$
    """)
)
_KO_ENDING = re.compile(
    joined(r"""
    (?<=[가-힣]{2})(?:하셨|하시|하신|하실|하는|하던|했던|했을|해서|하여|하고|하며|하게|하기|하면|하려|했|해|할|한|하|되
    |되는|된|됐|시킨|시켰|셨|시)[가-힣]{0,6}$
    """)
)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9+#.]*|[가-힣]+")


def same(first: str, second: str) -> bool:
    """Whether asking one after the other would ask the same twice."""
    one, other = meaning(first), meaning(second)
    if not one or not other:
        return _bare(first) == _bare(second)
    shared, whole = len(one & other), len(one | other)
    if min(len(one), len(other)) < _FEWEST:
        return one == other
    return shared / whole >= _ALIKE


def meaning(question: str) -> frozenset[str]:
    """The words that carry it, without what they are inflected with."""
    text = unicodedata.normalize("NFKC", question).casefold()
    text = _HOW.sub(" how ", _WHY.sub(" why ", text))
    text = _KO_HOW.sub(" how ", _KO_WHY.sub(" why ", text))
    found = (_stem(token.strip(".")) for token in _TOKEN.findall(text))
    return frozenset(stem for stem in found if stem)


def _stem(token: str) -> str:
    if not "가" <= token[:1] <= "힣":
        return "" if token in _FRAME else _short(token)
    if _KO_FRAME.fullmatch(token) or _JOSA.fullmatch(token):
        return ""
    bare = _JOSA.sub("", token) or token
    bare = _KO_ENDING.sub("", bare) or bare
    return "" if _KO_FRAME.fullmatch(bare) else bare


def _short(token: str) -> str:
    stem = _SUFFIX.sub("", token)
    return stem if len(stem) >= 3 else token


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
