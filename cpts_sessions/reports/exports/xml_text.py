"""Words as XML may hold them: documents of office programs are XML inside; pure."""

import re

LONGEST_PROPERTY = 255  # the title, the author of a file

# XML 1.0, production 2 (Char)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The same words without the characters that would make a file unreadable."""
    return _FORBIDDEN.sub("", text)
