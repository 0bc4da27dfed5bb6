"""Subsets the interface's fonts to the letters it uses, as woff2, into .cache/fonts.

Latin with its accents, punctuation, arrows, some mathematical and geometrical signs; other scripts come from the reader's own
fonts.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

FONTS = Path("/usr/share/fonts")
SOURCES = {
    "Inter-Regular": FONTS / "opentype/inter/Inter-Regular.otf",
    "Inter-Medium": FONTS / "opentype/inter/Inter-Medium.otf",
    "Inter-SemiBold": FONTS / "opentype/inter/Inter-SemiBold.otf",
    "JetBrainsMono-Regular": FONTS / "truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
}
RANGES = [
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2027),
    (0x202F, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2199),
    (0x21B5, 0x21E7),
    (0x2206, 0x2212),
    (0x221E, 0x221E),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
    (0x2303, 0x2325),
    (0x23CE, 0x23CE),
    (0x25A0, 0x25CF),
    (0x2713, 0x2717),
]
FEATURES = ["kern", "liga", "calt", "tnum", "cv05", "ss03", "ccmp", "locl", "mark", "mkmk", "zero", "case"]


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for name, source in SOURCES.items():
        options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, desubroutinize=True, recalc_timestamp=False)
        font = load_font(str(source), options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
        subsetter.subset(font)
        save_font(font, str(target / f"{name}.woff2"), options)


if __name__ == "__main__":
    main()
