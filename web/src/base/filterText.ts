/** A text as a string literal of the filter languages. */
export function quoted(value: string): string {
  const body = [...value].map((char) => {
    if (char === "\\") return "\\\\";
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : char;
  }).join("");
  return body.includes("'") && !body.includes('"') ? `"${body}"` : `'${body.replaceAll("'", "\\'")}'`;
}

/** The term of the filter language that finds a text anywhere in a span. */
export const textFilter = (text: string): string => `text contains ${quoted(text)}`;
