"""Under what everything is licensed that a plain ``pip install .`` brings.

``python -m deploy.licences`` writes the tables of docs/licences.md: of packages by what their
wheels say of themselves, of libraries inside wheels by ``LIBRARIES``, which says what their authors
say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

PAGE: Final = Path(__file__).resolve().parents[1] / "docs/licences.md"
LONGEST: Final = 80
OTHERWISE: Final = {
    "espeakng-loader": "GPL-3.0-or-later (espeak-ng's own; the loader's wheel says none)",
    "soxr": "LGPL-2.1-or-later (libsoxr is inside)",
}
"""What a wheel does not say of itself, or not all of."""

LIBRARIES: Final = {
    "SvtAv1Enc": "BSD-3-Clause-Clear", "Xau": "MIT", "asound": "LGPL-2.1-or-later",
    "avcodec": "LGPL-3.0-or-later; with x264 and x265 in one process: GPL",
    "avdevice": "LGPL-3.0-or-later", "avfilter": "LGPL-3.0-or-later",
    "avformat": "LGPL-3.0-or-later", "avif": "BSD-2-Clause", "avutil": "LGPL-3.0-or-later",
    "brotlicommon": "MIT", "brotlidec": "MIT", "crc32c": "BSD-3-Clause",
    "ctranslate2": "MIT", "dav1d": "BSD-2-Clause",
    "de265": "LGPL-3.0-or-later", "drm": "MIT", "ecpg": "PostgreSQL", "freetype": "FTL",
    "gfortran": "GPL-3.0-or-later WITH GCC-exception-3.1", "gmp": "LGPL-3.0-or-later",
    "gnutls": "LGPL-2.1-or-later", "gomp": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "harfbuzz": "MIT", "heif": "LGPL-3.0-or-later", "hogweed": "LGPL-3.0-or-later",
    "jpeg": "IJG AND BSD-3-Clause", "lcms2": "MIT", "lzma": "0BSD", "mp3lame": "LGPL-2.0-or-later",
    "nettle": "LGPL-3.0-or-later", "opencore-amrnb": "Apache-2.0", "opencore-amrwb": "Apache-2.0",
    "openjp2": "BSD-2-Clause", "opus": "BSD-3-Clause", "pgtypes": "PostgreSQL",
    "png16": "libpng-2.0", "pq": "PostgreSQL",
    "quadmath": "LGPL-2.1-or-later", "readline": "GPL-3.0-or-later",
    "scipy_openblas64_": "BSD-3-Clause", "sharpyuv": "BSD-3-Clause",
    "swresample": "LGPL-3.0-or-later", "swscale": "LGPL-3.0-or-later", "tiff": "libtiff",
    "tinfo": "X11", "unistring": "LGPL-3.0-or-later", "vpl": "MIT", "vpx": "BSD-3-Clause",
    "webp": "BSD-3-Clause", "webpdemux": "BSD-3-Clause", "webpmux": "BSD-3-Clause",
    "x264": "GPL-2.0-or-later", "x265": "GPL-2.0-or-later", "xcb": "MIT", "xcb-shape": "MIT",
    "xcb-shm": "MIT", "xcb-xfixes": "MIT", "zstd": "BSD-3-Clause",
}  # fmt: skip


def shipped() -> dict[str, Distribution]:
    """viva's dependencies and theirs, as they are installed here, by name."""
    found: dict[str, Distribution] = {}
    looked: set[tuple[str, frozenset[str]]] = set()

    def look(name: str, extras: frozenset[str]) -> None:
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key, extras) in looked:
            return
        looked.add((key, extras))
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:  # of another platform
            return
        for text in found[key].requires or ():
            one = Requirement(text)
            asked = [{"extra": extra} for extra in ("", *extras)]
            if one.marker is None or any(map(one.marker.evaluate, asked)):
                look(one.name, frozenset(one.extras))

    look("viva", frozenset())
    del found["viva"]
    return dict(sorted(found.items()))


def licence(of: Distribution) -> str:
    """What it says of itself."""
    name = re.sub(r"[-_.]+", "-", of.metadata["Name"]).lower()
    if name in OTHERWISE:
        return OTHERWISE[name]
    said = of.metadata.json
    if expression := said.get("license_expression"):
        return str(expression)
    told = str(said.get("license") or "").partition("\n")[0].strip()
    named = [
        line.rpartition(" :: ")[2]
        for line in of.metadata.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    if named and (not told or len(told) > LONGEST or set(named) != {"Apache Software License"}):
        return " OR ".join(named) if not told or len(told) > LONGEST else _both(told, named)
    return told or "not said"


def _both(told: str, named: Sequence[str]) -> str:
    """LGPL in a classifier is not to be lost behind a plainer word."""
    weak = [one for one in named if "GPL" in one]
    return f"{told}; {', '.join(weak)}" if weak else told


def libraries(of: Distribution) -> dict[str, str]:
    """Shared libraries that its wheel brings for itself, each with its licence. Raises KeyError of
    one that nobody has looked up."""
    names = {
        name
        for file in of.files or ()
        if file.parts[0].endswith(".libs") and (name := _library(file.name)) is not None
    }
    return {name: LIBRARIES[name] for name in sorted(names)}


def _library(file: str) -> str | None:
    """What it is called without the wheel's hash and its version."""
    match = re.fullmatch(r"lib(.+?)(-[0-9a-f]{8})*\.so[.\d]*", file)
    return match and match[1]


def tables() -> dict[str, str]:
    packages = shipped()
    return {
        "packages": _table(("package", "licence, as its wheel says"), _packages(packages)),
        "libraries": _table(("wheel", "library inside", "licence"), _libraries(packages)),
    }


def _packages(packages: dict[str, Distribution]) -> Iterator[tuple[str, ...]]:
    for name, one in packages.items():
        yield name, licence(one)


def _libraries(packages: dict[str, Distribution]) -> Iterator[tuple[str, ...]]:
    for name, one in packages.items():
        for library, told in libraries(one).items():
            yield name, f"lib{library}", told


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def renewed(page: str) -> str:
    for name, table in tables().items():
        before, begins, rest = page.partition(f"<!-- {name} -->\n")
        _, ends, after = rest.partition(f"<!-- end of {name} -->")
        page = f"{before}{begins}{table}\n{ends}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
