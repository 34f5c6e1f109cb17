"""Pictures that differ are named, with what differs in them."""

import pytest
from PIL import Image

from tools.snapshots import differences


@pytest.fixture
def folders(tmp_path):
    """Two folders with a picture each, which look the same."""
    folders = [tmp_path / name for name in ("base", "now")]
    for folder in folders:
        folder.mkdir()
        Image.new("RGB", (40, 30), "white").save(folder / "home.png")
    return folders


def test_equal_pictures_are_not_named(folders, tmp_path):
    base, now = folders

    assert list(differences(base, now, tmp_path / "difference")) == []


def test_changed_pixels_are_counted_and_drawn(folders, tmp_path):
    base, now = folders
    with Image.open(now / "home.png") as picture:
        picture.paste("black", (10, 5, 14, 7))
        picture.save(now / "home.png")

    found = list(differences(base, now, tmp_path / "difference"))

    assert found == ["home.png: 8 pixels between (10, 5) and (14, 7)"]
    assert (tmp_path / "difference" / "home.png").exists()


def test_other_sizes_and_missing_pictures_are_named(folders, tmp_path):
    base, now = folders
    Image.new("RGB", (40, 50), "white").save(now / "home.png")
    Image.new("RGB", (40, 50), "white").save(now / "cart.png")

    found = list(differences(base, now, tmp_path / "difference"))

    assert found == ["cart.png: new", "home.png: 40 x 30 became 40 x 50"]
