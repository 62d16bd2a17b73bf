"""A French pack in a few sentences: what a third language takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from server.core.events import StageName
from server.core.understanding import Asks
from server.language.instructions import Prompts
from server.language.texts import FactName, Notice, Speech

RULES = "Tu mènes un entretien."
SAID = "D’accord, continuons."
OPENING = {
    "greeting": "Bonjour.",
    "greeting_named": "Bonjour, {name}.",
    "text": "Je suis l’intervieweur automatique {interview}. Parlez-moi de {focus}.",
    "interview": "pour le poste de {role}",
    "interview_named": "pour le poste de {role}",
    "interview_general": "pour un entretien général",
    "address": "{name}",
}
GENERAL = """
name = "Général"
focus = "votre travail"
otherwise = ["stagiaire"]
"""
NURSE = """
name = "Soins"
focus = "votre travail auprès des patients"
titles = ["infirmière", "infirmier"]
[competency.experience]
name = "Expérience clinique"
levels = ["Rien de vécu", "Un cas sans sa part", "Un cas avec sa part", "Un cas et ce qui a changé"]
lines = [{ text = "Dit ce qui a changé", aspect = "result" }]
[[question]]
stage = "experience"
text = "Racontez-moi une urgence que vous avez vécue."
simpler = "Qu’avez-vous fait un jour où tout pressait ?"
"""
STAGE = """
[{name}]
name = "{name}"
kind = "{kind}"
hints = ["Un exemple suffit.", "Commencez par le plus récent."]
[{name}.competency]
name = "{name}"
levels = ["rien", "un peu", "assez", "beaucoup"]
lines = [{{ text = "Dit sa part", aspect = "own_part" }}]
[[{name}.question]]
text = "Pour {name}, de quoi êtes-vous fier ?"
simpler = "Pour {name}, que s’est-il bien passé ?"
"""


def written(folder: Path) -> Path:
    """A French pack in a few sentences."""
    (folder / "families").mkdir(parents=True)
    files = {
        "pack": 'name = "français"',
        "facts": "\n".join(
            f'[{name}]\ntext = "Pour {{role}}."\nasked = ["?"]' for name in get_args(FactName)
        ),
        "probes": "\n".join(
            f'[{kind}.result]\nplain = ["Et ensuite ?"]\nsimpler = "Qu’est-ce qui a changé ?"'
            for kind in get_args(Asks)
        ),
        "stages": "".join(STAGE.format(name=n, kind="story") for n in get_args(StageName)),
        "topics": '[other]\nname = "Vie privée"\nrule = "RGPD"\nasked = ["Êtes-vous marié ?"]',
        "resume": '[header]\nname = ["nom"]\n[section]\nwork = ["expérience"]',
        "pages": '"retry" = "Réessayer"',
        "families/general": GENERAL,
        "families/nursing": NURSE,
    }
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    for name, type_ in (("speech", Speech), ("prompts", Prompts), ("notice", Notice)):
        said = sample(type_)
        if type_ is Speech:
            said["opening"] |= OPENING
        text = "\n".join(f"{key} = {toml(value)}" for key, value in said.items())
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sample(type_: Any) -> dict[str, Any]:
    """One sentence wherever one has to be."""
    hints = get_type_hints(type_)
    required = [
        one.name
        for one in fields(type_)
        if one.default is MISSING and one.default_factory is MISSING
    ]
    found: dict[str, Any] = {}
    for name in required:
        hint = hints[name]
        if is_dataclass(hint):
            found[name] = sample(hint)
        elif hint is str:
            found[name] = SAID
        elif get_origin(hint) is Literal:
            found[name] = get_args(hint)[0]
        elif get_origin(hint) is Mapping:
            found[name] = {"one": SAID}
        elif is_dataclass(get_args(hint)[0]):
            found[name] = [sample(get_args(hint)[0])]
        else:
            args = get_args(hint)
            found[name] = [SAID] * (1 if ... in args else len(args))
    return found
