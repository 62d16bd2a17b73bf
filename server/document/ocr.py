"""Whether this machine can read pictures of text."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

PROGRAM = "tesseract"
LANGUAGES = ("kor", "eng")
INSTALL = "apt-get install tesseract-ocr tesseract-ocr-kor"


@cache
def missing() -> str | None:
    """None where Tesseract and its languages are here, else what is not."""
    if shutil.which(PROGRAM) is None:
        return f"Tesseract is not here ({INSTALL})"
    try:
        told = subprocess.run(
            [PROGRAM, "--list-langs"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"Tesseract does not run ({type(error).__name__})"
    absent = [each for each in LANGUAGES if each not in told.stdout.split()]
    if absent:
        return f"Tesseract lacks {', '.join(absent)} ({INSTALL})"
    return None
