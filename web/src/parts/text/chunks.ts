/** Cuts a text into pieces of about `size`, at line ends where there are some; no pair of surrogates is torn apart. */
export function chunks(text: string, size: number): readonly string[] {
  const out: string[] = [];
  let from = 0;
  while (from < text.length) {
    let to = Math.min(text.length, from + size);
    if (to < text.length) {
      const line = text.lastIndexOf("\n", to);
      if (line > from + size / 2) to = line + 1;
      else if (isHighSurrogate(text.charCodeAt(to - 1))) to--;
    }
    out.push(text.slice(from, to));
    from = to;
  }
  return out;
}

/** At most `length` UTF-16 units, never half a character. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, isHighSurrogate(text.charCodeAt(length - 1)) ? length - 1 : length);

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

export function textSize(text: string): string {
  const n = text.length;
  return n < 1000 ? `${n} characters` : n < 1e6 ? `${(n / 1e3).toFixed(n < 1e4 ? 1 : 0)}k characters` : `${(n / 1e6).toFixed(1)}M characters`;
}
