"""Does what was said so far read like a finished answer? Korean and English endings."""

from __future__ import annotations

import re

from server.core.events import Language, Reading

_THINKING = {
    "ko": re.compile(
        r"(잠시만요|잠깐만요|잠시만|생각할 시간|생각 좀|생각해 ?보겠습니다|생각해 ?볼게요)[.\s]*$"
    ),
    "en": re.compile(
        r"\b(let me think|give me a (moment|second|minute)|(just )?(a|one) (moment|second|minute)"
        r"|i need (a moment|to think)|hold on)( about (that|it))?(,? please)?[.,\s]*$",
        re.IGNORECASE,
    ),
}
# Connective endings and particles that promise more to come.
_TRAILING = {
    "ko": re.compile(
        r"(그리고|그래서|그런데|하지만|그러니까|또한|또|왜냐하면|예를 들어|예를 들면"
        r"|음|어|그|저|[가-힣](는데|은데|인데|지만|니까|아서|어서|해서|하고|하며|면서|거나|려고|고"
        r"|다가|을|를|이랑|에서|에게|으로|부터|까지|처럼))[.,…\s]*$"
    ),
    "en": re.compile(
        r"\b(and|but|so|or|because|then|well|like|to|the|a|an|of|for|with|in|on|at|from|by|about|into"
        r"|as|than|while|until|unless|although|though|except|including|my|our|your|his|her|their|its"
        r"|i|we|they|he|she|it's|there's|i'm|we're|they're|that|which|who|whose|what|where|how|why"
        r"|when|if|whether|is|are|was|were|be|been|have|has|had|will|would|can|could|should|might|must"
        r"|do|does|did|not|very|really|just|some|any|every|this|these|those|more|um+|uh+|er+|erm|hmm+"
        r"|also|for example|for instance|such as|i mean|you know|kind of|sort of|in order|due)"
        r"[.,…\s]*$",
        re.IGNORECASE,
    ),
}
_COMPLETE = {
    "ko": re.compile(
        r"((니다|니까|습니다|입니다|어요|아요|여요|예요|에요|해요|네요|죠|지요|군요|세요)[.!?\s]*"
        r"|[가-힣]다[.!?]\s*)$"
    ),
    "en": re.compile(r"[.!?]\s*$"),
}


def reading(text: str, language: Language) -> Reading:
    """How the end of the text reads; ``unsure`` where neither pattern speaks."""
    text = text.strip()
    if _THINKING[language].search(text):
        return "thinking"
    if text.endswith(("...", "…", ",")):
        return "trailing"
    # 니까 ends a polite question (합니까) and a clause (하니까).
    if language == "ko" and re.search(r"[습입합됩]니까[.!?\s]*$", text):
        return "complete"
    if _TRAILING[language].search(text):
        return "trailing"
    return "complete" if _COMPLETE[language].search(text) else "unsure"
