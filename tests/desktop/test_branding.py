"""The brand file: what it may say, and what happens when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.branding import Brand, load_brand, read_brand
from desktop.config import Config, resources
from desktop.errors import Problem
from desktop.ui.frame.header import OUR_LOGO
from desktop.ui.theme.tokens import DEFAULT_ACCENT


def write(folder: Path, text: str) -> Path:
    """A brand file."""
    path = folder / "brand.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_brand_has_name_accent_and_logo(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    brand = read_brand(write(tmp_path, 'name = "Harbour Health"\naccent = "#0A6E8a"\nlogo = "logo.svg"'))
    assert brand == Brand("Harbour Health", "#0A6E8a", tmp_path / "logo.svg")


def test_all_of_it_is_optional(tmp_path: Path) -> None:
    assert read_brand(write(tmp_path, "")) == Brand()


@pytest.mark.parametrize(
    "text",
    [
        "name = 7",
        'name = " "',
        f'name = "{"x" * 61}"',
        'accent = "teal"',
        "accent = 5",
        'logo = "none.svg"',
        "logo = 1",
        "=",
        "\0",
    ],
)
def test_a_broken_file_is_named_and_ours_is_used(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    brand, problem = load_brand(Config(tmp_path))
    assert brand == Brand()
    assert problem is not None
    assert problem.code == "brand_broken"
    assert str(path) in problem.detail


def test_a_file_that_is_no_text_is_broken_too(tmp_path: Path) -> None:
    (tmp_path / "brand.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Problem):
        read_brand(tmp_path / "brand.toml")


def test_without_one_the_program_looks_as_the_example_says(tmp_path: Path) -> None:
    assert load_brand(Config(tmp_path)) == (Brand(), None)
    example = read_brand(resources() / "brand" / "example.toml")
    assert (example.name, example.accent) == (Brand().name, DEFAULT_ACCENT)
    assert example.logo is not None
    assert example.logo.samefile(OUR_LOGO)
