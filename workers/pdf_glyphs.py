"""Repairs the letters a PDF gives: spaces, accents, ligatures, icons, soft hyphens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from server.document.pages import BULLET

_ICON_FONT = re.compile(
    r"awesome|icon|fontello|marvosym|wingding|webding|dingbat|academicon|glyphs|emoji",
    re.IGNORECASE,
)
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\u202a-\u202e\u2066-\u2069]")
_HYPHENS = re.compile(r"(?<![-\u2010\u2011\u00ad])-*+[\u2010\u2011\u00ad][-\u2010\u2011\u00ad]*+")
_BULLETS = re.compile(r"[•‣⁃●○◦■□▪▫◆◇▶►▸➢➤❖✓✔★☆※◎∙⋅\uf0b7\uf0a7]")
_SOFT = "\u00ad"
_PLAIN_DASHES = {0x2010: "-", 0x2011: "-", 0x2015: "—", 0x2500: "—", 0x2501: "—"}
_RADICALS = str.maketrans(
    "\u2ea0\u2ed1\u2ed8\u2ec4\u2ee9\u2edd\u2eeb\u2eed\u2ef2\u2ec1\u2e9f\u2ec6\u2ec5\u2ec9\u2ecb\u2ed3\u2ed4"
    "\u2eda\u2edb\u2edc\u2ee2\u2ee5\u2ee6\u2eec\u2eee\u2ef0\u2ee8\u2ee4\u2ee3\u2ea9\u2e9d\u2eb3\u2ec2\u2ecd\u2ee7",
    "民長青西黄食斉歯亀虎母角见贝车长门页风飞马鱼鸟齐齿龙麦鬼骨王月网衣辶卤",
)  # fmt: skip
"""Parts of ideographs that some programs write for the whole ones; NFKC leaves them."""
_COMBINING = {
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "ˇ": "\u030c",
    "¸": "\u0327", "˚": "\u030a", "¯": "\u0304", "˘": "\u0306", "˝": "\u030b", "˙": "\u0307",
    "˛": "\u0328",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}


def storable(text: str) -> str:
    """Without what neither UTF-8 nor PostgreSQL can hold: half surrogates and NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


@lru_cache(4_096)  # a page has few different glyphs
def is_unmapped(text: str) -> bool:
    return bool(_UNMAPPED.fullmatch(text)) or text == "\ufffd"


@lru_cache(4_096)
def is_icon(text: str, font: str) -> bool:
    if is_unmapped(text) or (text and unicodedata.category(text[0]) == "Co"):
        return True
    return bool(_ICON_FONT.search(font)) and not text.isspace()


def repair(chars: list[dict[str, Any]]) -> None:
    """In place: every ``text`` becomes letters in composed form, a space, a bullet or nothing."""
    _join_accents(chars)
    for at, char in enumerate(chars):
        text = char["text"]
        if text == _SOFT:
            char["text"] = "" if _follows_a_hyphen(chars, at) else "-"
            continue
        if len(text) == 1 and "!" <= text <= "~":
            if is_icon(text, char["fontname"]):
                char["text"] = BULLET
            continue
        char["text"] = BULLET if is_icon(text, char["fontname"]) else normal(text)


def _follows_a_hyphen(chars: list[dict[str, Any]], at: int) -> bool:
    """A soft hyphen is a sign like another where it was painted; some paint both at one place."""
    return at > 0 and chars[at - 1]["text"] == "-" and chars[at]["x0"] < chars[at - 1]["x1"] - 0.1


@lru_cache(4_096)
def normal(text: str) -> str:
    """NFKC with control characters as spaces, hyphens made plain and unseen signs dropped."""
    if len(text) > 1 and "\u00ad" in text:
        text = _HYPHENS.sub("-", text)
    text = _UNSEEN.sub("", text).translate(_PLAIN_DASHES)
    text = _CONTROL.sub(" ", storable(text.replace("\x00", " ")))
    if text in _COMBINING:
        return text
    if len(text) == 1 and _BULLETS.fullmatch(text):
        return BULLET
    return unicodedata.normalize("NFKC", text).translate(_RADICALS)


def _join_accents(chars: list[dict[str, Any]]) -> None:
    """TeX paints an accent as a glyph of its own above its letter: make them one character."""
    for index, accent in enumerate(chars):
        mark = _COMBINING.get(accent["text"])
        if mark is None or accent["text"] == "`":
            continue
        middle = (accent["x0"] + accent["x1"]) / 2
        for letter in chars[max(0, index - 2) : index + 3]:
            base = _DOTLESS.get(letter["text"], letter["text"])
            if letter is accent or not base.isalpha() or len(base) != 1:
                continue
            near = abs(letter["bottom"] - accent["bottom"]) < accent["size"]
            if near and letter["x0"] <= middle <= letter["x1"]:
                letter["text"] = unicodedata.normalize("NFC", base + mark)
                accent["text"] = ""
                break


def is_rtl(text: str) -> bool:
    strong = [unicodedata.bidirectional(letter) for letter in text]
    rightward = sum(kind in ("R", "AL") for kind in strong)
    return rightward > 0 and rightward >= sum(kind == "L" for kind in strong)
