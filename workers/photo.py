"""A photograph or a scan that is one picture, opened within limits and turned upright."""

from __future__ import annotations

import io

import pi_heif
from PIL import Image, ImageOps

_FORMATS = ("JPEG", "PNG", "HEIF")
_A4 = 595.0, 842.0


class TooLarge(Exception):
    """More pixels than are opened."""


def opened(content: bytes, *, pixels: int, longest: int) -> Image.Image:
    """The picture in RGB, upright, on white, its longer side at most ``longest`` or the next larger
    size that its format gives cheaply. Nothing is decoded that has more than ``pixels``. Raises
    TooLarge, and as PIL does."""
    Image.MAX_IMAGE_PIXELS = None  # it is bounded here
    pi_heif.register_heif_opener()
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > pixels:
            raise TooLarge
        picture.draft("RGB", (longest, longest))
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("RGBA", "LA", "PA", "P"):
            ground = Image.new("RGBA", upright.size, "white")
            ground.alpha_composite(upright.convert("RGBA"))
            upright = ground
        return upright.convert("RGB")


def sized(picture: Image.Image, longest: int) -> Image.Image:
    by = longest / max(picture.size)
    size = max(1, round(picture.width * by)), max(1, round(picture.height * by))
    return picture.resize(size, Image.Resampling.LANCZOS)


def points_of(picture: Image.Image) -> tuple[float, float]:
    """Width and height, as if it were on A4."""
    width = _A4[0] if picture.width <= picture.height else _A4[1]
    return width, round(width * picture.height / picture.width, 2)
