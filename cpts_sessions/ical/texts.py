"""What of a text, a name or an address may stand in a calendar (RFC 5545, sections 3.1 to 3.3)."""

import re

_BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# C0 and C1 controls, lone surrogates (they cannot be encoded) and byte order marks (some parsers eat them).
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_UNSAFE_IN_ADDRESS = re.compile(r'[\s\x00-\x1f\x7f-\x9f\ud800-\udfff",;:<>\\]')


def cleaned(text: str) -> str:
    r"""The text a calendar may carry: line breaks as `\\n`, tabs as spaces, no other control character."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    # `\\N` is a line break too for the library that writes calendars, even typed so
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text.replace("\\N", "\n")).replace("\t", " "))


def common_name(name: str) -> str:
    """A name that can be a CN parameter, on one line; empty when nothing is left of it.

    Quotes cannot stand in a parameter and carets mean something since RFC 6868, which half of the agendas do not
    know: the first become apostrophes; carets and backslashes are left out.
    """
    return " ".join(cleaned(name).replace('"', "'").replace("^", "").replace("\\", "").split())


def mailbox(address: str) -> str:
    """The `mailto:` value of an address.

    Raises:
        ValueError: it holds a space, a control character or a delimiter, hence could write another property.
    """
    if _UNSAFE_IN_ADDRESS.search(address) or "@" not in address:
        raise ValueError(f"not a plain e-mail address: {address!r}")
    return f"mailto:{address}"
