"""The bill of materials of a release: ``sh deploy/sbom.sh FILE``.

cyclonedx-py lists all that is installed. Of that stays what viva brings, and the models and the
libraries inside wheels are added, which no list of packages has.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from deploy import licences, models

MODEL_LICENCES: Final = {
    "silero_vad.onnx": "MIT",
    "smart-turn-v3.2-cpu.onnx": "BSD-2-Clause",
    "whisper-base/model.bin": "MIT",
}


def pruned(bom: dict[str, Any]) -> dict[str, Any]:
    """Without what only tests and tools need: what the root does not depend on."""
    graph = {one["ref"]: one.get("dependsOn", []) for one in bom["dependencies"]}
    root: str = bom["metadata"]["component"]["bom-ref"]
    kept, ahead = {root}, [root]
    while ahead:
        found = set(graph.get(ahead.pop(), ())) - kept
        kept |= found
        ahead += found
    return {
        **bom,
        "components": [one for one in bom["components"] if one["bom-ref"] in kept],
        "dependencies": [one for one in bom["dependencies"] if one["ref"] in kept],
    }


def weights() -> Iterator[dict[str, Any]]:
    """The models inside viva's wheel, by the hashes that the build holds them to."""
    files = {name: sha256 for one in models.WHEELS for name, (_, sha256) in one.files.items()}
    joined = models.WHISPER_BASE
    files |= {f"{joined.folder}/{name}": sha256 for name, (_, sha256) in joined.files.items()}
    for name, told in MODEL_LICENCES.items():
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"model:{name}",
            "name": name,
            "hashes": [{"alg": "SHA-256", "content": files[name]}],
            "licenses": [{"license": {"id": told}}],
        }


def inside() -> Iterator[dict[str, Any]]:
    """Libraries that wheels bring for themselves."""
    for wheel, one in licences.shipped().items():
        for name, told in licences.libraries(one).items():
            yield {
                "type": "library",
                "bom-ref": f"inside:{wheel}:{name}",
                "name": f"lib{name}",
                "description": f"inside the wheel {wheel} {one.version}",
                "licenses": [{"license": {"name": told}}],
            }


def main() -> None:
    installed, into = map(Path, sys.argv[1:])
    bom = pruned(json.loads(installed.read_text("utf-8")))
    bom["components"] += [*weights(), *inside()]
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps(bom, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{into}: {len(bom['components'])} components\n")


if __name__ == "__main__":
    main()
