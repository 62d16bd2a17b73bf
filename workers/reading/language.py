"""Which language a text is written in, by its letters and its most common words."""

from __future__ import annotations

import re

_STOPWORDS = {
    "en": "the and of to in for with on at from by a an as is",
    "de": "und der die das mit für von im den ein eine bei zur auf",
    "fr": "et de la le les des pour avec une dans sur en du au",
    "es": "y de la el los las para con una en por del al",
    "pt": "e de do da os as para com uma em por no na dos",
    "it": "e di il la i per con una nel della del dei gli",
    "nl": "en van de het een voor met op bij naar te",
    "tr": "ve bir için ile bu da olarak",
    "pl": "i w z na do oraz dla przy",
    "vi": "và của các trong cho với là tại",
}
_SCRIPTS = {
    "ru": r"[\u0400-\u04ff]", "ar": r"[\u0600-\u06ff]", "he": r"[\u0590-\u05ff]",
    "th": r"[\u0e00-\u0e7f]", "hi": r"[\u0900-\u097f]", "el": r"[\u0370-\u03ff]",
}  # fmt: skip


def language_of(text: str) -> str:
    """ISO 639-1; 'en' where nothing speaks for another."""
    hangul = len(re.findall(r"[가-힣]", text))
    kana = len(re.findall(r"[\u3040-\u30ff]", text))
    han = len(re.findall(r"[\u3400-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-zÀ-ɏ]", text))
    # résumés of developers in Korea are half English words
    if hangul and 6 * hangul >= latin + kana:
        return "ko"
    if kana and 6 * (kana + han) >= latin:
        return "ja"
    if han and 6 * han >= latin:
        return "zh"
    for language, letters in _SCRIPTS.items():
        if 2 * len(re.findall(letters, text)) > latin:
            return language
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {
        code: sum(word in stops.split() for word in words) for code, stops in _STOPWORDS.items()
    }
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > 1.3 * counts["en"] else "en"
