"""docs/protocol.md, docs/asyncapi.json and the vocabulary say the same."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import TypeAdapter

from server.core.events import Fact
from server.realtime import asyncapi
from server.store.facts import kind_of
from tests import vocabulary

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "protocol.md").read_text()
SAID = asyncapi.rows(PAGE)
SPOKEN = asyncapi.vocabulary()


@pytest.mark.parametrize("way", sorted(SPOKEN))
def test_the_page_tells_of_every_event_and_of_no_other(way: str) -> None:
    assert set(SAID[way]) == set(SPOKEN[way])


@pytest.mark.parametrize("way", sorted(SPOKEN))
def test_the_page_names_every_field(way: str) -> None:
    for kind, row in SAID[way].items():
        fields = {field.encode_name for field in msgspec.structs.fields(SPOKEN[way][kind])}
        assert set(row.fields) == fields - {"event_id"}, kind


def test_nothing_of_ours_is_said_to_stock_clients() -> None:
    stock = {kind for way in SAID.values() for kind, row in way.items() if row.stock}
    assert not [kind for kind in stock if kind.startswith("viva.")]
    known = json.dumps(
        [
            TypeAdapter(RealtimeServerEvent).json_schema(),
            TypeAdapter(RealtimeClientEvent).json_schema(),
        ]
    )
    assert not [kind for kind in stock if f'"const": "{kind}"' not in known]


def test_every_client_event_of_openai_for_websockets_is_known() -> None:
    schema = TypeAdapter(RealtimeClientEvent).json_schema()
    kinds = (
        set(schema["discriminator"]["mapping"])
        if "discriminator" in schema
        else {
            definition["properties"]["type"]["const"]
            for definition in schema["$defs"].values()
            if "const" in definition.get("properties", {}).get("type", {})
            and "event_id" in definition["properties"]
        }
    )
    assert kinds - {"output_audio_buffer.clear"} <= set(SPOKEN["up"])  # that one is WebRTC's


def test_the_asyncapi_document_is_up_to_date() -> None:
    kept = json.loads((DOCS / "asyncapi.json").read_text())
    assert kept == json.loads(json.dumps(asyncapi.document(PAGE))), "run: make asyncapi"


def test_the_watch_channel_tells_of_every_fact_with_its_fields() -> None:
    kept = json.loads((DOCS / "asyncapi.json").read_text())
    told = {one for one in kept["channels"]["watch"]["messages"] if one.startswith("fact.")}
    assert told == {f"fact.{kind_of(fact)}" for fact in get_args(Fact)}
    for fact in get_args(Fact):
        whole, kind = kept["components"]["messages"][f"fact.{kind_of(fact)}"]["payload"]["allOf"]
        assert kind["properties"]["kind"]["const"] == kind_of(fact)
        envelope = kept["components"]["schemas"][whole["$ref"].rpartition("/")[2]]
        assert set(envelope["required"]) == {"type", "seq", "kind", "recorded_at", "data"}
        name = envelope["properties"]["data"]["$ref"].rpartition("/")[2]
        fields = kept["components"]["schemas"][name].get("properties", {})
        assert set(fields) == {field.name for field in dataclasses.fields(fact)}


def test_what_is_not_said_of_a_message_is_found() -> None:
    kept = {"type": "kept", "step_id": "x", "at": 1}
    assert vocabulary.fault("tell", kept) is None
    assert vocabulary.fault("tell", {**kept, "at": "1"}) is not None
    assert vocabulary.fault("tell", {**kept, "more": 1}) == "kept has ['more']"
    assert vocabulary.fault("tell", {"type": "kept", "at": 1}) is not None
    assert vocabulary.fault("tell", {"type": "viva.pong"}) == "tell knows no viva.pong"
    data = {"reason": "complete"}
    at = "2026-01-01T00:00:00Z"
    fact = {"type": "fact", "seq": 1, "kind": "interview_ended", "recorded_at": at, "data": data}
    assert vocabulary.fault("tell", fact) is None
    assert vocabulary.fault("tell", {**fact, "recorded_at": "yesterday"}) is not None
    assert vocabulary.fault("tell", {**fact, "data": {**data, "why": ""}}) is not None
    assert vocabulary.fault("tell", {**fact, "data": {"reason": 1}}) is not None


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    kept = json.loads((DOCS / "asyncapi.json").read_text())
    references: list[str] = []

    def collect(part: object) -> None:
        if isinstance(part, dict):
            references.extend(value for key, value in part.items() if key == "$ref")
            for value in part.values():
                collect(value)
        elif isinstance(part, list):
            for value in part:
                collect(value)

    collect(kept)
    assert len(references) > 50
    for reference in references:
        place = kept
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
