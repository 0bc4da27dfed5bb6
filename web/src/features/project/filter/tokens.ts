/** One token of a filter condition; `from` and `to` are UTF-16 offsets. */
export interface Token {
  readonly type: "name" | "number" | "string" | "operator" | "open" | "close";
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const OPERATORS = ["==", "!=", "<=", ">=", "**", "//", "<", ">", "=", "+", "-", "*", "/", "%", ",", ".", ":", "@", "&", "|", "^", "~", "!", "?", "$", ";"];

/** The tokens of a condition, or null where it cannot be read: an open string, a bracket without its partner, a comment. */
export function tokens(text: string): readonly Token[] | null {
  const found: Token[] = [];
  const brackets: string[] = [];
  let at = 0;
  const take = (type: Token["type"], length: number): void => {
    found.push({ type, text: text.slice(at, at + length), from: at, to: at + length });
    at += length;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/u.test(char)) {
      at += 1;
    } else if (char === "'" || char === '"') {
      const length = stringLength(text, at);
      if (length === null) return null;
      take("string", length);
    } else if ("([{".includes(char)) {
      brackets.push(char === "(" ? ")" : char === "[" ? "]" : "}");
      take("open", 1);
    } else if (")]}".includes(char)) {
      if (brackets.pop() !== char) return null;
      take("close", 1);
    } else {
      const rest = text.slice(at);
      const number = /^(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/u.exec(rest);
      const name = /^[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_]*/u.exec(rest);
      const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
      if (number?.[0]) take("number", number[0].length);
      else if (name?.[0]) take("name", name[0].length);
      else if (operator) take("operator", operator.length);
      else return null;
    }
  }
  return brackets.length === 0 ? found : null;
}

function stringLength(text: string, from: number): number | null {
  const quote = text.charAt(from);
  if (text.startsWith(quote.repeat(3), from)) return null;
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") at += 1;
    else if (char === quote) return at + 1 - from;
    else if (char === "\n") return null;
  }
  return null;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };

/** What a string literal stands for; null when it uses an escape that we do not read. */
export function stringValue(literal: string): string | null {
  const body = literal.slice(1, -1);
  let value = "";
  for (let at = 0; at < body.length; at += 1) {
    const char = body.charAt(at);
    if (char !== "\\") {
      value += char;
      continue;
    }
    const next = body.charAt(at + 1);
    const hex = /^x[0-9a-fA-F]{2}|^u[0-9a-fA-F]{4}/u.exec(body.slice(at + 1))?.[0];
    if (hex !== undefined) {
      value += String.fromCharCode(parseInt(hex.slice(1), 16));
      at += hex.length;
    } else if (next in ESCAPES) {
      value += ESCAPES[next] ?? "";
      at += 1;
    } else {
      return null;
    }
  }
  return value;
}
