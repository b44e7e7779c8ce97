"""A colour seen before it is chosen: a day in its ring, a button and a link, in both themes."""

from cpts_sessions.organisations.brand import palette

_PAPER = {"light": ("#fffdf9", "#2a241e", "#fffdf9"), "dark": ("#231f1b", "#ede6dc", "#191613")}  # card, ink, on
_FONT = "font-family='Atkinson Hyperlegible Next, system-ui, sans-serif'"


def sample_svg(colour: str) -> str:
    """Return the drawing, 640 × 180.

    Raises:
        ValueError: it is not a hexadecimal colour.
    """
    themes = palette(colour)
    halves = [_half(place, *_PAPER[theme], themes[theme]) for place, theme in enumerate(("light", "dark"))]
    start = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 180' width='640' height='180'>"
    return f"{start}{''.join(halves)}</svg>"


def _half(place: int, card: str, ink: str, on: str, roles: dict[str, str]) -> str:
    x = 320 * place
    accent, soft = roles["accent"], roles["soft"]
    return (
        f"<g transform='translate({x} 0)'><rect width='320' height='180' fill='{card}'/>"
        f"<circle cx='66' cy='74' r='36' fill='{soft}'/><circle cx='66' cy='74' r='46' fill='none' stroke='{accent}' "
        f"stroke-width='7' stroke-dasharray='0.1 24' stroke-linecap='round'/>"
        f"<text x='66' y='84' text-anchor='middle' font-size='30' font-weight='700' fill='{accent}' {_FONT}>24</text>"
        f"<text x='136' y='62' font-size='19' font-weight='700' fill='{ink}' {_FONT}>GAPP</text>"
        f"<text x='136' y='90' font-size='16' font-weight='600' fill='{accent}' {_FONT}>5 places libres</text>"
        f"<rect x='24' y='130' width='150' height='38' rx='19' fill='{accent}'/>"
        f"<text x='99' y='155' text-anchor='middle' font-size='16' font-weight='650' fill='{on}' {_FONT}>"
        f"Je m’inscris</text></g>"
    )
