"""Where the files beside the code are: at the top of a checkout, or inside an installed package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def beside(name: str) -> Path:
    """Return the folder `name` (`templates`, `migrations`), from the checkout or from the wheel."""
    in_checkout = PACKAGE.parent / name
    return in_checkout if in_checkout.is_dir() else PACKAGE / name
