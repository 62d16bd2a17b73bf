"""What ``viva verify`` says in plain words, and by its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli import main
from server.store.bundle import Verdict, Writer
from server.store.keys import Keys
from server.store.signing import Signer
from server.verify import told

SIGNER, OTHER = Signer(Keys((b"k" * 32,))), Signer(Keys((b"o" * 32, b"n" * 32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    writer, path = Writer(SIGNER), tmp_path / "dossier.zip"
    path.write_bytes(writer.add("facts.json", b"[]") + writer.close({"interview": "7"}))
    return path


def test_whose_key_it_has_to_be(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = SIGNER.key["fingerprint"]
    one, several = tmp_path / "one.json", tmp_path / "several.json"
    one.write_text(json.dumps(OTHER.key))
    several.write_text(json.dumps({"keys": [*OTHER.public(), SIGNER.key]}))
    for key, status, ending in (
        (own, 0, "signed by the key that you trust.\n"),
        (str(several), 0, "signed by the key that you trust.\n"),
        (str(one), 1, "it was not signed by the key that you trust.\n"),
        ("A" * 43, 1, "it was not signed by the key that you trust.\n"),
        (str(path), 2, "a file with a public key as JSON\n"),
        ("nothing", 2, "No such file or directory\n"),
    ):
        assert main(["verify", str(path), "--key", key]) == status, key
        assert capsys.readouterr().out.endswith(ending)
    assert main(["verify", str(path)]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["intact   facts.json", "intact   public-key.json"]
    assert f"key      {own}" in said
    assert main(["verify", str(path), "--key", "A" * 43, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["trusted"], told["changed"]) == ("changed", False, [])
    assert main(["verify", str(tmp_path / "none.zip")]) == 2
    one.rename(tmp_path / "none.zip")
    assert main(["verify", str(tmp_path / "none.zip")]) == 2
    assert "it is no ZIP archive" in capsys.readouterr().out


def test_each_fault_has_its_words() -> None:
    found = Verdict(["a"], ["b"], ["c"], ["d"], "it was changed", container=True)
    said = "\n".join(told(found))
    for words in (
        "intact   a",
        "CHANGED  b",
        "MISSING  c",
        "ADDED    d",
        "packed anew",
        "DOES NOT HOLD",
    ):
        assert words in said
    assert said.endswith("do not rely on it.")
