"""Headers as they leave: ASCII, folded, and read back as the very text that was given.

The standard library's folding (Python 3.11) loses a space between two encoded words, and writes the
long address of a List-Unsubscribe as an encoded word, which no mail program follows. Ours encodes a text whole, or
not at all.
"""

import re
from email.charset import BASE64, Charset
from email.header import Header
from email.headerregistry import Address, AddressHeader, HeaderRegistry
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any, Final

_BREAK = "\r\n "
_LINE = 76  # columns aimed at (RFC 5322, section 2.1.1); a longer word is left whole
_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64  # "Q" leaves characters that some servers rewrite inside a name
_BREAKING: Final = re.compile("[ \x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_METHOD: Final = re.compile(r'; method="(\w+)"')
_ATOMS: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]+", re.ASCII)


def one_line(text: str) -> str:
    """The text on one line, without control characters: it can start no other header. Keeps its hard spaces.

    What looks like an encoded word is broken: decoded further on, it could hold the line break that it hides.
    """
    return _BREAKING.sub(" ", text).strip(" ").replace("=?", "= ?")


class HeaderPolicy(EmailPolicy):
    """`email.policy.SMTP` with headers folded by this module."""

    def fold(self, name: str, value: Any) -> str:
        """One header and its line breaks: addresses by their parts, anything else as a text."""
        if isinstance(value, AddressHeader):
            folded = f",{_BREAK}".join(_mailbox(name, address) for address in value.addresses)
        else:
            text = _METHOD.sub(
                r"; method=\1", one_line(str(value))
            )  # unquoted, as every agenda writes it and some look for it
            folded = _encoded(name, text) or _wrapped(name, text)
        return f"{name}: {folded}\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, in bytes."""
        return self.fold(name, value).encode("ascii")


_OF_PARTS: Final = frozenset({"mime-version", "content-type", "content-transfer-encoding"})


class _Registry(HeaderRegistry):
    """The standard one, which makes a class and reads the value anew for each header; what is alike is made once.

    Nothing of a person is kept: only the headers that say how a message is made are, and the kinds of the others.
    """

    def __call__(self, name: str, value: Any) -> Any:
        """The header as an object."""
        return _alike(name, value) if name.lower() in _OF_PARTS and "boundary" not in value else _made(name, value)

    def __getitem__(self, name: str) -> Any:
        """The class of the headers of this name."""
        return _class(name.lower())


_STANDARD: Final = HeaderRegistry()


@lru_cache(maxsize=64)
def _class(name: str) -> Any:
    return _STANDARD[name]


def _made(name: str, value: Any) -> Any:
    return _class(name.lower())(name, value)


_alike = lru_cache(maxsize=256)(_made)
POLICY: Final = HeaderPolicy(linesep="\r\n", max_line_length=78, header_factory=_Registry())


def _encoded(name: str, text: str) -> str:
    """The text as encoded words (RFC 2047), or nothing when it can stand as it is."""
    if text.isascii():
        return ""
    return Header(text, _UTF8, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


def _mailbox(name: str, address: Address) -> str:
    """A display name, encoded, quoted or plain, and an address that is never broken."""
    display = address.display_name
    if not display:
        return address.addr_spec
    shown = _encoded(name, display)
    if not shown:
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        shown = display if _ATOMS.fullmatch(display) else f'"{quoted}"'
    last_line = shown.rpartition("\r\n")[2]
    fits = len(name) + len(last_line) + len(address.addr_spec) + 5 <= _LINE
    return f"{shown}{' ' if fits else _BREAK}<{address.addr_spec}>"


def _wrapped(name: str, text: str) -> str:
    """The words, on as many lines as needed; a word longer than a line is left whole (998 octets is the limit)."""
    lines, room = [""], _LINE - len(name) - 2
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = _LINE - 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return _BREAK.join(lines)
