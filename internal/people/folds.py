"""Writes folds.txt: characters, and the plain letters that they look like.

    folds.py CONFUSABLES

The source is the table of UTS #39 (Unicode Security Mechanisms), which is at
https://www.unicode.org/Public/security/latest/confusables.txt, together with
the decompositions and small letters that Python knows. Kept is what looks like
the letters, digits and signs of an e-mail address, and letters with accents.
"""

import collections
import pathlib
import re
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)  # arithmetic, which fold.go does
IDEOGRAPHS = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
PLAIN = re.compile(r"[a-z0-9@.+_-]+")

HEAD = """\
# Letters, each with the characters that look like it or that are it with an
# accent, as code points in hexadecimal. Made by folds.py of confusables.txt,
# version {version}, and of Unicode's decompositions.
# Copyright (c) 1991-2025 Unicode, Inc. Unicode License V3:
# https://www.unicode.org/license.txt
"""


def read(path):
    text = pathlib.Path(path).read_text(encoding="utf-8-sig")
    table = {}
    for line in text.splitlines():
        fields = line.split("#")[0].split(";")
        if len(fields) > 1:
            table[chr(int(fields[0], 16))] = "".join(chr(int(c, 16)) for c in fields[1].split())
    return table, re.search(r"Version: (\S+)", text)[1]


def bare(text):
    """The text without accents and without what nobody sees."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))


def skeleton(text, table):
    while True:
        short = bare("".join(table.get(c, c) for c in bare(text)).lower())
        if short == text:
            return text
        text = short


def folds(table):
    plain = {}
    characters = [chr(c) for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000 and c not in HANGUL]
    for c in characters:
        for form in (c, c.lower()):
            short = skeleton(form, table)
            if bare(c) and PLAIN.fullmatch(short):
                plain.setdefault(c, short)
    for c in characters:
        kind = unicodedata.decomposition(c).split(" ")[0]
        accented = kind and (kind[0] != "<" or kind == "<narrow>")
        if accented and c not in plain and not any(ord(c) in r for r in IDEOGRAPHS):
            letter = bare(c).lower()
            if len(letter) == 1 and letter.isalpha() and letter != c.lower():
                plain[c] = plain.get(letter, letter)
    return plain


def main():
    table, version = read(sys.argv[1])
    rows = collections.defaultdict(list)
    for c, letters in folds(table).items():
        rows[letters].append(f"{ord(c):x}")
    with open(pathlib.Path(__file__).with_name("folds.txt"), "w", encoding="ascii") as out:
        out.write(HEAD.format(version=version))
        for letters in sorted(rows):
            key = letters if letters.isascii() else f"U+{ord(letters):04X}"
            out.write(f"{key} {' '.join(sorted(rows[letters], key=lambda h: int(h, 16)))}\n")


main()
