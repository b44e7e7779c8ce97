"""One card of « À décider »."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """One card. `badge` says what kind it is, with its colour and its icon; `url` is where it is decided."""

    badge: str
    kind: str
    icon: str
    title: str
    sentence: str
    url: str
    button: str
