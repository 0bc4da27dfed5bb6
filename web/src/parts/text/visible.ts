// Characters that change how the text around them looks, or that cannot be seen at all. Joiners are left alone: emoji and
// several scripts need them.
const NAMES: Readonly<Record<number, string>> = {
  0x200b: "ZWSP", 0x200e: "LRM", 0x200f: "RLM", 0x202a: "LRE", 0x202b: "RLE", 0x202c: "PDF", 0x202d: "LRO", 0x202e: "RLO",
  0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xfeff: "BOM", 0x7f: "DEL",
};
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

/** So many characters get a name of their own; further ones are all shown as the sign for what cannot be shown. */
const NAMED_MAX = 2000;

export interface VisiblePiece {
  readonly text: string;
  /** Set where `text` stands for a character that would not be seen. */
  readonly code?: number;
}

/** The pieces of a text, with a readable name in place of what is invisible or turns the direction of reading. */
export function visiblePieces(text: string): readonly VisiblePiece[] {
  const out: VisiblePiece[] = [];
  let from = 0;
  let named = 0;
  for (const m of text.matchAll(HIDDEN)) {
    const at = m.index!, code = m[0]!.codePointAt(0)!;
    if (at > from) out.push({ text: text.slice(from, at) });
    out.push({ text: NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`, code });
    from = at + m[0]!.length;
    if (++named === NAMED_MAX) break;
  }
  if (from < text.length) out.push({ text: text.slice(from).replace(HIDDEN, "\ufffd") });
  return out;
}

const ANY_HIDDEN = new RegExp(HIDDEN.source, "u");

export const hasHidden = (text: string): boolean => ANY_HIDDEN.test(text);

/** The same as one text, for where no element can stand. */
export const visibleText = (text: string): string =>
  hasHidden(text) ? visiblePieces(text).map((p) => (p.code === undefined ? p.text : `⟨${p.text}⟩`)).join("") : text;
