"""Joins screenshots into a small animated GIF."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

#: Milliseconds that each picture is shown.
DURATION = 2500

#: Pictures are scaled to this width; README pages show little more.
WIDTH = 800

#: Colours of each frame; flat pages need few.
COLOURS = 64


def save_animation(pictures: Sequence[bytes], path: Path) -> None:
    """Write PNG pictures of one size as the frames of an endless GIF."""
    first, *others = [frame(picture) for picture in pictures]
    first.save(path, save_all=True, append_images=others, duration=DURATION, loop=0, optimize=True)


def frame(picture: bytes) -> Image.Image:
    """A picture at the size and with the colours of the animation."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    height = round(image.height * WIDTH / image.width)
    scaled = image.resize((WIDTH, height), Image.Resampling.LANCZOS)
    return scaled.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
