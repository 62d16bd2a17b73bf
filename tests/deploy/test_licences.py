"""docs/licences.md says of what ships what the wheels say, and names what is GPL of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from deploy import licences, models, sbom

PAGE = licences.PAGE.read_text("utf-8")
LINUX = sys.platform == "linux"


@pytest.mark.skipif(not LINUX, reason="the table is of the wheels for Linux")
def test_every_package_and_library_stands_there_with_its_licence() -> None:
    for name, table in licences.tables().items():
        rows = table.splitlines()[2:]
        assert len(rows) > 20, name
        missing = [row for row in rows if row not in PAGE]
        assert not missing, "run: make tables"


def test_no_package_is_without_a_licence() -> None:
    told = {name: licences.licence(one) for name, one in licences.shipped().items()}
    assert [name for name, text in told.items() if text == "not said"] == []


def test_whatever_is_gpl_is_said_in_words_before_the_tables() -> None:
    words = PAGE.partition("## Libraries inside wheels")[0].lower()
    strict = {
        name
        for name, told in licences.LIBRARIES.items()
        if re.search(r"(?<!L)GPL", told) and "exception" not in told and name != "avcodec"
    }
    assert strict == {"readline", "x264", "x265"}
    for name in (*strict, "espeak-ng", "ffmpeg"):
        assert name in words


def test_a_library_that_nobody_looked_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "LIBRARIES", {})
    with pytest.raises(KeyError):
        licences.libraries(licences.shipped()["numpy"])


def test_the_bill_has_what_ships_and_not_what_tests_need() -> None:
    def component(name: str) -> dict[str, str]:
        return {"bom-ref": name, "name": name}

    bom = {
        "metadata": {"component": component("root")},
        "components": [component(name) for name in ("web", "socket", "tests")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["web"]},
            {"ref": "web", "dependsOn": ["socket"]},
            {"ref": "socket", "dependsOn": ["web"]},
            {"ref": "tests", "dependsOn": ["web"]},
        ],
    }
    left = sbom.pruned(bom)
    assert [one["name"] for one in left["components"]] == ["web", "socket"]
    assert [one["ref"] for one in left["dependencies"]] == ["root", "web", "socket"]
    named = {one["name"]: one["hashes"][0]["content"] for one in sbom.weights()}
    onnx = models.WHEELS[0].files["silero_vad.onnx"][1]
    assert named["silero_vad.onnx"] == onnx
    weights = {name for one in models.WHEELS for name in one.files if name.endswith(".onnx")}
    assert set(named) == weights | {f"{models.WHISPER_BASE.folder}/model.bin"}


def test_the_page_names_every_model() -> None:
    for name in sbom.MODEL_LICENCES:
        assert Path(name).parts[0].split("-v")[0] in PAGE
