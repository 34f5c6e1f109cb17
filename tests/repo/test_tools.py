"""The helpers behind `make screenshots` and `make catalogues`."""

import io

from PIL import Image, ImageSequence

from tools import animation, product_texts


def picture(colour):
    """A PNG of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (1000, 760), colour).save(file, "PNG")
    return file.getvalue()


def test_animation_shows_every_picture_at_half_a_page(tmp_path):
    animation.save_animation(
        [picture("red"), picture("green"), picture("blue")], tmp_path / "a.gif"
    )

    with Image.open(tmp_path / "a.gif") as image:
        assert image.size == (animation.WIDTH, 608)
        assert len(list(ImageSequence.Iterator(image))) == 3
        assert image.info["duration"] == animation.DURATION
        assert image.info["loop"] == 0


def test_every_text_of_a_product_is_extracted():
    file = io.BytesIO(
        b"""
        [[product]]
        sku = "mug"
        name = "Mug"
        blurb = "Holds tea."
        description = "A mug."
        details = ["Stoneware", "0.3 l"]
        picture_alt = "A grey mug"
        detail_alt = "The mug from above"
        """
    )

    texts = [text for _, _, text, _ in product_texts.extract(file, (), (), {})]

    assert texts == [
        *("Mug", "Holds tea.", "A mug.", "Stoneware", "0.3 l"),
        *("A grey mug", "The mug from above"),
    ]
