"""Text that goes out passes here: what strangers write must not run, forge or turn around anything.

File names, tags and chapter titles may hold terminal codes (ECMA-48), marks that turn the order of
letters around (Unicode Bidirectional Algorithm, UAX 9; "Trojan Source", Boucher and Anderson 2021),
halves of characters that no encoding can write, and formulas for spreadsheets.
"""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f"  # control characters, the escape of terminals among them
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and overrides of direction
    r"\u00ad\u180e\u200b\u2060-\u2064"  # what nobody sees, but for joiners
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"  # surrogates, byte order marks, no characters
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def one_line(text: object) -> str:
    """The text on one line, safe for a terminal, a page and any file: line breaks and tabs become
    spaces, other control characters visible escapes (``\\x1b``). Printable text stays as it is."""
    return _made_visible(_BREAKS.sub(" ", str(text))).strip()


def spreadsheet_cell(text: object) -> str:
    """The text as a cell that no spreadsheet takes for a formula: with the apostrophe by which
    they mark text, where it begins like one (CWE-1236)."""
    line = one_line(text)
    begins_one = str(text).startswith(_FORMULA_STARTS) or line.startswith(_FORMULA_STARTS)
    return f"'{line}" if begins_one else line


def spreadsheet_path(path: object) -> str:
    """A path as such a cell, still a path to the same file: ``=1+1.mp3`` becomes ``./=1+1.mp3``.

    Only what would steer a terminal is escaped, for no honest name has it; breaks of lines stay
    within the cell.
    """
    parts = re.split(r"([\t\r\n])", str(path).replace("\0", ""))
    text = "".join(part if part in ("\t", "\r", "\n") else _made_visible(part) for part in parts)
    return f"./{text}" if text.startswith(_FORMULA_STARTS) else text


def _made_visible(text: str) -> str:
    return _UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape", "surrogatepass").decode("ascii")


def named_reason(name: str, reason: str) -> str:
    """Why something failed, as a sentence that names it once."""
    return reason if reason.startswith(name) else f"{name}: {reason}"
