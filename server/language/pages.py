"""What pages and mails say in each language. The pack of the language that is spoken otherwise has
every text; what another pack lacks is said in that language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from server.core.pack import Packs
from server.language.speech import Pack
from server.language.texts import MailName, Plural, Written

Text = str | Mapping[str, str]
_OPEN = "language."
"""Languages are named by each pack as it knows them."""
_SLOT = re.compile(r"\{(\w+)\}")


def texts(packs: Packs[Pack], language: str) -> dict[str, Text]:
    """By key, as JSON: a text, or its plural forms and the value they go ``by``."""
    whole = {**packs.of(packs.otherwise).pages, **packs.of(language).pages}
    return {key: _plain(text) for key, text in whole.items()}


def written(packs: Packs[Pack], language: str, name: MailName) -> Written:
    """A mail as this language has it, or else the one that is spoken otherwise."""
    return packs.of(language).mail.get(name) or packs.of(packs.otherwise).mail[name]


def missing(packs: Packs[Pack], language: str) -> list[str]:
    """Keys that this pack leaves to the other language."""
    own = packs.of(language).pages
    whole = packs.of(packs.otherwise).pages
    return [key for key in whole if key not in own and not key.startswith(_OPEN)]


def strangers(packs: Mapping[str, Pack], otherwise: str) -> Iterator[str]:
    """Texts that no page asks for, and values that none fills in: slips of the pen."""
    whole = packs[otherwise].pages
    for language, pack in packs.items():
        for key, text in pack.pages.items():
            if key.startswith(_OPEN):
                continue
            if key not in whole:
                yield f"{language}/pages.toml: {key}: no page has such a text"
            elif unknown := _slots(text) - _slots(whole[key]):
                known = ", ".join(sorted(_slots(whole[key]))) or "none"
                yield (
                    f"{language}/pages.toml: {key}: {{{min(unknown)}}} is filled by nothing;"
                    f" known here: {known}"
                )


def _plain(text: str | Plural) -> Text:
    if isinstance(text, str):
        return text
    return {name: form for name, form in asdict(text).items() if form is not None}


def _slots(text: str | Plural) -> set[str]:
    plain = _plain(text)
    forms = [plain] if isinstance(plain, str) else [*plain.values(), f"{{{plain['by']}}}"]
    return {slot for form in forms for slot in _SLOT.findall(form)}
