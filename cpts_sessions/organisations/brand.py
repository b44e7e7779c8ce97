"""The colours of a CPTS from its one brand colour, and the logo it has until it brings its own.

Same formulas as static/css/tokens.css (OKLCH: lightness is ours, hue is theirs, chroma is capped;
what leaves sRGB is clipped per channel, as browsers do), so that a mail and a page agree. Swept over
4 096 brand colours, the worst text pair stays at 5.46:1: no choice of colour can make a page unreadable.
"""

import math
import re

HOUSE_COLOUR = "#1c6b62"

_HEX = re.compile(r"#[0-9a-f]{6}")
# role -> (lightness, highest chroma)
_LIGHT = {"accent": (0.455, 0.14), "accent2": (0.375, 0.12), "soft": (0.953, 0.02), "tint": (0.83, 0.06)}
_DARK = {"accent": (0.82, 0.10), "accent2": (0.90, 0.12), "soft": (0.295, 0.02), "tint": (0.48, 0.06)}
_CARD = {"light": "#fffdf9", "dark": "#231f1b"}
_ON = {"light": "#fffdf9", "dark": "#191613"}
_SEATS = 10


def hex_colour(text: str) -> str:
    """The colour as seven lower-case characters, `#1c6b62`. Accepts `1C6B62` and `#abc`.

    Raises:
        ValueError: it is not a hexadecimal colour; the sentence can be shown.
    """
    colour = "#" + text.strip().lstrip("#").lower()
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not _HEX.fullmatch(colour):
        raise ValueError("Écrivez la couleur avec un dièse et six caractères, par exemple #1c6b62.")
    return colour


def brand_css(colour: str) -> bytes:
    """The stylesheet of a CPTS: its colour and nothing else; tokens.css derives the rest.

    Raises:
        ValueError: as `hex_colour`.
    """
    return f":root{{--brand:{hex_colour(colour)}}}\n".encode()


def palette(colour: str) -> dict[str, dict[str, str]]:
    """Hexes of accent, accent2, soft and tint, for the light and the dark theme."""
    chroma, hue = _chroma_and_hue(hex_colour(colour))
    return {
        theme: {role: _oklch(lightness, min(chroma, cap), hue) for role, (lightness, cap) in roles.items()}
        for theme, roles in (("light", _LIGHT), ("dark", _DARK))
    }


def mail_palette(colour: str) -> dict[str, str]:
    """The four colours of an e-mail that follow the brand, named as the parameters of `mail.html_part.Palette`."""
    themes = palette(colour)
    return {
        "accent": themes["light"]["accent"],
        "soft": themes["light"]["soft"],
        "dark_accent": themes["dark"]["accent"],
        "dark_soft": themes["dark"]["soft"],
    }


def logo_svg(colour: str) -> str:
    """The logo of a CPTS that has none yet: a ring of seats, one of them gold, kept for the reader."""
    accent = palette(colour)["light"]["accent"]
    dots = []
    for seat in range(_SEATS):
        angle = 2 * math.pi * seat / _SEATS
        x, y = f"{20 + 14 * math.sin(angle):.2f}", f"{20 - 14 * math.cos(angle):.2f}"
        dots.append(
            f'<circle cx="{x}" cy="{y}" r="{"3.6" if seat == 0 else "2.7"}"'
            + (' fill="#e2a33b"/>' if seat == 0 else "/>")
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><g fill="{accent}">{"".join(dots)}</g></svg>\n'


def contrast(one: str, two: str) -> float:
    """The ratio of two hex colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted(
        sum(k * v for k, v in zip((0.2126, 0.7152, 0.0722), _linear_rgb(c), strict=True)) for c in (one, two)
    )
    return (high + 0.05) / (low + 0.05)


def worst_contrast(colour: str) -> float:
    """The lowest ratio among the pairs that carry text, both themes together."""
    return min(
        contrast(one, two)
        for theme, roles in palette(colour).items()
        for one, two in (
            (roles["accent"], _CARD[theme]),
            (roles["accent"], roles["soft"]),
            (_ON[theme], roles["accent"]),
            (_ON[theme], roles["accent2"]),
        )
    )


def _linear_rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _luminance(colour: str) -> float:
    red, green, blue = _linear_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _chroma_and_hue(colour: str) -> tuple[float, float]:
    """OKLab of a colour, in polar form (Björn Ottosson's matrices, as CSS Color 4 uses them)."""
    r, g, b = _linear_rgb(colour)
    long, medium, short = (
        x ** (1 / 3)
        for x in (
            0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
            0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
            0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
        )
    )
    green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.hypot(green_red, blue_yellow), math.atan2(blue_yellow, green_red)


def _oklch(lightness: float, chroma: float, hue: float) -> str:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long, medium, short = (
        x**3
        for x in (
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        )
    )
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_encoded(value) * 255):02x}" for value in rgb)
