"""Names of customers and things: one form, one comparison, what looks the same, and what nobody can see in them.

Must not know where a name comes from: a page, a table or a command.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

#: Code points that are drawn as nothing, first and last.
INVISIBLE = (
    # Default_Ignorable_Code_Point in DerivedCoreProperties.txt, Unicode 16. It is stable: what is assigned
    # there later belongs to it too.
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    # Control characters but for tabs and line ends, which are white space; other marks of format; a blank.
    (0x0000, 0x0008), (0x000E, 0x001F), (0x007F, 0x009F), (0x0600, 0x0605), (0x06DD, 0x06DD),
    (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x2800, 0x2800), (0x110BD, 0x110BD), (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    # What stands for a letter that was lost, and what has no meaning that two programs agree on.
    (0xFFF9, 0xFFFF), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF), (0xF0000, 0x10FFFF),
)  # fmt: skip
#: What joins or styles the signs of an emoji, and is seen by its effect.
_JOINER = "\N{ZERO WIDTH JOINER}"
_STYLES = ("\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}")
#: How many letters before one that nobody sees are shown.
_SHOWN = 12


def fold(text: str) -> str:
    """White space of any kind and length as one blank, none at the ends. What else the text holds stays."""
    return " ".join(text.split())


def name_key(text: str) -> str:
    """The one form of a name: composed (NFC) and folded, in the case in which it is written."""
    return fold(unicodedata.normalize("NFC", text))


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return name_key(one) == name_key(other)


def spellings(text: str) -> tuple[str, ...]:
    """The forms in which a name may have been kept, the usual one first."""
    key = name_key(text)
    return tuple(dict.fromkeys((key, unicodedata.normalize("NFD", key), fold(text), text)))


def looks_like(one: str, other: str) -> bool:
    """Whether a person may take one for the other: they are drawn alike, though they may be spelled differently."""
    return skeleton(one) == skeleton(other)


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """What is left of a name when letters that look alike are one letter; for comparing, never for showing.

    The skeleton of Unicode Technical Standard 39, with compatibility forms (full width, ligatures, raised digits)
    taken for what they show, and all dashes for one.
    """
    drawn = _alike(unicodedata.normalize("NFD", text))
    # Twice: some signs look like a letter that their compatibility form does not, such as the acute accent alone.
    drawn = _alike(unicodedata.normalize("NFKD", drawn))
    return fold(unicodedata.normalize("NFD", drawn))


def _alike(text: str) -> str:
    prototypes = _prototypes()
    return "".join(
        "-" if unicodedata.category(letter) == "Pd" else prototypes.get(letter, letter)
        for letter in text
        if not is_invisible(letter)
    )


@cache
def _prototypes() -> dict[str, str]:
    """Letters, each with the one it looks like. The package keeps Unicode's table, in both directions."""
    # It reads a large file, and is needed where two names are compared, not when a command starts.
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    # Marks of direction stand in the table's comments, not in its letters.
    table = {
        key.replace("\N{LEFT-TO-RIGHT MARK}", ""): [
            item["c"].replace("\N{LEFT-TO-RIGHT MARK}", "") for item in items
        ]
        for key, items in confusables_data.items()
    }
    found = {}
    for letter, others in table.items():
        # A letter with several beside it is what they look like; of a pair, one is taken for both.
        if len(letter) == 1 and len(others) == 1:
            [other] = others
            if len(other) > 1 or len(table.get(other, ())) > 1 or other < letter:
                found[letter] = other
    return found


@lru_cache(maxsize=4096)
def is_invisible(letter: str) -> bool:
    """Whether a letter is drawn as nothing: zero width, a mark of direction, a control character and the like."""
    point = ord(letter)
    return any(first <= point <= last for first, last in INVISIBLE)


def assert_visible(text: str) -> None:
    """Raises ValueError for the first letter that nobody sees, by name and place; the advice stands in line 2."""
    for place, letter in enumerate(text):
        if is_invisible(letter) and not is_seen_by_its_effect(text, place):
            before = fold(text[max(0, place - _SHOWN) : place])
            where = f"after '{before}'" if before else "at its beginning"
            raise ValueError(
                f"holds {name_of(letter)}, {where} (letter {place + 1}), which nobody sees\n"
                "delete it, or type the text again by hand; where the dashboard's own name holds it, "
                "give the location id alone"
            )


def name_of(letter: str) -> str:
    """A letter's name in Unicode, with its number."""
    number = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "")
    if not name:
        name = "a control character" if unicodedata.category(letter) == "Cc" else "a letter without a name"
    return f"{name} ({number})"


def difference(one: str, other: str) -> str:
    """Where the first of two names that look alike differs: `CYRILLIC SMALL LETTER A (U+0430) at letter 3`."""
    one, other = name_key(one), name_key(other)
    for place, letter in enumerate(one):
        if place >= len(other) or letter != other[place]:
            return f"{name_of(letter)} at letter {place + 1}"
    return f"the end at letter {len(one) + 1}"


def is_seen_by_its_effect(text: str, place: int) -> bool:
    """Whether a letter without a shape of its own shapes its neighbours: in an emoji, or between joined letters."""
    letter = text[place]
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if letter in _STYLES:
        return bool(before) and (
            unicodedata.category(before) in ("So", "Sm", "Sk", "Po") or before in "#*0123456789"
        )
    if letter == _JOINER:
        is_sign = bool(before) and (unicodedata.category(before) in ("So", "Sk") or before in _STYLES)
        return is_sign and unicodedata.category(after or " ") in ("So", "Sm")
    return False
