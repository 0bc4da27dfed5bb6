type Mark = "'" | '"';

/** A text as it stands between the marks of a string literal of the filter languages. */
export function escaped(value: string, mark: Mark): string {
  return [...value].map((char) => {
    if (char === mark) return `\\${mark}`;
    if (char === "\\") return "\\\\";
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : char;
  }).join("");
}

/** A text as a string literal of the filter languages. */
export function quoted(value: string): string {
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  return `${mark}${escaped(value, mark)}${mark}`;
}

/** The term of the filter language that finds a text anywhere in a span. */
export const textFilter = (text: string): string => `text contains ${quoted(text)}`;
