from xml.etree import ElementTree

import pytest

from cpts_sessions.mail.html_part import Palette
from cpts_sessions.organisations import brand


def test_the_palette_is_the_one_browsers_compute_from_the_tokens() -> None:
    assert brand.palette("#1c6b62") == {
        "light": {"accent": "#11645b", "accent2": "#004e45", "soft": "#e2f4f1", "tint": "#9cd5cc"},
        "dark": {"accent": "#8bd5c9", "accent2": "#a4efe3", "soft": "#21302e", "tint": "#316961"},
    }


def test_a_mail_of_the_house_has_the_colours_of_the_house() -> None:
    assert Palette(**brand.mail_palette(brand.HOUSE_COLOUR)) == Palette()


@pytest.mark.parametrize(
    ("typed", "colour"), [("#1C6B62", "#1c6b62"), ("1c6b62", "#1c6b62"), (" #d9480f ", "#d9480f"), ("#abc", "#aabbcc")]
)
def test_a_colour_is_read_as_people_write_it(typed: str, colour: str) -> None:
    assert brand.hex_colour(typed) == colour


@pytest.mark.parametrize(
    "typed", ["", "vert", "#12345", "#1234567", "#12345g", "#123456}body{display:none", "rgb(1,2,3)"]
)
def test_what_is_not_a_colour_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(
        ValueError, match=r"^Écrivez la couleur avec un dièse et six caractères, par exemple #1c6b62\.$"
    ):
        brand.brand_css(typed)


def test_the_stylesheet_of_a_cpts_says_its_colour_and_nothing_else() -> None:
    assert brand.brand_css("D9480F") == b":root{--brand:#d9480f}\n"


def test_no_colour_makes_a_page_unreadable() -> None:
    steps = range(0, 256, 51)
    ratios = {brand.worst_contrast(f"#{r:02x}{g:02x}{b:02x}") for r in steps for g in steps for b in steps}
    assert min(ratios) > 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert (brand.contrast("#000000", "#ffffff"), round(brand.contrast("#777777", "#ffffff"), 2)) == (21.0, 4.48)


def test_the_first_logo_is_a_ring_of_seats_with_one_kept_for_the_reader() -> None:
    drawing = ElementTree.fromstring(brand.logo_svg("#d9480f"))
    colours = [seat.get("fill") for seat in drawing.iter("{http://www.w3.org/2000/svg}circle")]
    assert (drawing[0].get("fill"), colours) == ("#94310d", ["#e2a33b"] + [None] * 9)
