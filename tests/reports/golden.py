"""Comparing a drawn picture with a reviewed one, with room for other machines' rounding.

Run the tests with FSDESK_RENEW=1 to write the references anew; then look at every one of them
before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "charts"
# Mean difference of all pixels, and share of pixels that differ by more than a hair.
MOST_MEAN, MOST_OTHER, HAIR = 1.2, 0.008, 48


def differences(drawing, name):
    """Give the mean difference (0 to 255) and the share of pixels that differ clearly."""
    image = Image.frombytes("RGBA", (drawing.width, drawing.height), drawing.pixels).convert("RGB")
    file = FOLDER / f"{name}.png"
    if os.environ.get("FSDESK_RENEW"):
        image.quantize(64).save(file, optimize=True)
    with Image.open(file) as kept:
        reference = np.asarray(kept.convert("RGB"), dtype=np.int16)
    drawn = np.asarray(image, dtype=np.int16)
    if drawn.shape != reference.shape:
        return 255.0, 1.0
    gap = np.abs(drawn - reference)
    return float(gap.mean()), float((gap.max(axis=2) > HAIR).mean())


def same(found):
    """Tell whether differences lie within the tolerance."""
    mean, other = found
    return mean <= MOST_MEAN and other <= MOST_OTHER
