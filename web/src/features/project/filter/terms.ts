import { quoted } from "../../../base/filterText";
import { stringValue, tokens, type Token } from "./tokens";

/** What a field can be compared with; `null` is `None`. */
export type Literal = string | number | boolean | null;
type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * One part of a condition; the parts are joined by `and`.
 *
 * `source` is the user's own text and is what is written back as long as the term is untouched. What is
 * more than a chip can show is a term of type `text`, which keeps it whole.
 */
export type Term =
  | { readonly type: "compare"; readonly field: string; readonly operator: Comparison; readonly value: Literal; readonly source: string }
  | { readonly type: "null"; readonly field: string; readonly negated: boolean; readonly source: string }
  | { readonly type: "oneOf"; readonly field: string; readonly values: readonly Literal[]; readonly negated: boolean; readonly source: string }
  | { readonly type: "contains"; readonly field: string; readonly value: string; readonly negated: boolean; readonly source: string }
  | { readonly type: "text"; readonly source: string };

const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

/** Reads a condition into its terms. Joining the sources of the terms gives a condition that means the same. */
export function parseTerms(condition: string): readonly Term[] {
  const whole = condition.trim();
  if (whole === "") return [];
  const all = tokens(whole);
  if (all === null) return [{ type: "text", source: whole }];
  const parts = splitAtAnd(all);
  if (parts === null) return [{ type: "text", source: whole }];
  return parts.map((part) => {
    const source = whole.slice(part[0]?.from, part[part.length - 1]?.to);
    return readTerm(part, source) ?? { type: "text", source };
  });
}

/** Writes terms as a condition. */
export function writeTerms(terms: readonly Term[]): string {
  if (terms.length === 1) return terms[0]?.source ?? "";
  // A text that cannot be read may swallow what follows it, so it goes last.
  const readable = terms.filter((term) => term.type !== "text" || splitAtAnd(tokens(term.source)) !== null || bindsLoosely(term.source));
  const broken = terms.filter((term) => !readable.includes(term));
  return [...readable, ...broken].map((term) => term.type === "text" && needsParentheses(term.source) ? `(${term.source})` : term.source).join(" and ");
}

function needsParentheses(source: string): boolean {
  return tokens(source) !== null && splitAtAnd(tokens(source)) === null && bindsLoosely(source);
}

/** Whether a condition that can be read holds an operator that binds looser than `and`. */
function bindsLoosely(source: string): boolean {
  const all = tokens(source);
  return all !== null && topLevel(all).some((token) => token.type === "name" && ["or", "if", "else", "lambda"].includes(token.text));
}

function topLevel(all: readonly Token[]): readonly Token[] {
  let depth = 0;
  return all.filter((token) => {
    if (token.type === "open") depth += 1;
    if (token.type === "close") depth -= 1;
    return depth === 0 && token.type !== "close";
  });
}

/** The parts between the `and`s of the outermost level; null when the condition is not such a list. */
function splitAtAnd(all: readonly Token[] | null): readonly (readonly Token[])[] | null {
  if (all === null || all.length === 0) return null;
  const outer = new Set(topLevel(all));
  const parts: Token[][] = [[]];
  for (const token of all) {
    if (outer.has(token) && token.type === "name") {
      if (["or", "if", "else", "lambda", "for"].includes(token.text)) return null;
      if (token.text === "and") {
        parts.push([]);
        continue;
      }
    }
    parts[parts.length - 1]?.push(token);
  }
  return parts.every((part) => part.length > 0) ? parts : null;
}

function readTerm(part: readonly Token[], source: string): Term | null {
  const first = part[0];
  if (first === undefined) return null;
  if (first.type === "string") return readContainment(part, source);
  if (part.length === 3 && isName(first, "text") && isName(part[1], "contains") && part[2]?.type === "string") {
    const value = stringValue(part[2].text);
    return value === null ? null : { type: "contains", field: "text", value, negated: false, source };
  }
  const field = readField(part);
  if (field === null) return null;
  const rest = part.slice(field.length);
  const operator = rest[0];
  if (operator === undefined) return null;
  if (operator.type === "operator" && COMPARISONS.includes(operator.text)) {
    const value = readLiteral(rest.slice(1));
    return value === undefined ? null : { type: "compare", field: field.name, operator: operator.text as Comparison, value, source };
  }
  if (isName(operator, "is")) {
    const negated = isName(rest[1], "not");
    const last = rest[negated ? 2 : 1];
    return rest.length === (negated ? 3 : 2) && isName(last, "None") ? { type: "null", field: field.name, negated, source } : null;
  }
  const negated = isName(operator, "not");
  if (!isName(rest[negated ? 1 : 0], "in")) return null;
  const values = readList(rest.slice(negated ? 2 : 1));
  return values === null ? null : { type: "oneOf", field: field.name, values, negated, source };
}

function isName(token: Token | undefined, text: string): boolean {
  return token?.type === "name" && token.text === text;
}

function readContainment(part: readonly Token[], source: string): Term | null {
  const value = stringValue(part[0]?.text ?? "");
  const negated = isName(part[1], "not");
  const from = negated ? 3 : 2;
  if (value === null || !isName(part[from - 1], "in")) return null;
  const field = readField(part.slice(from));
  return field !== null && field.length === part.length - from ? { type: "contains", field: field.name, value, negated, source } : null;
}

/** A dotted name, or a name with string keys in brackets, at the beginning of a part. */
export function readField(part: readonly Token[]): { name: string; length: number } | null {
  const first = part[0];
  if (first?.type !== "name" || ["not", "None", "True", "False", "and", "in", "is"].includes(first.text)) return null;
  let name = first.text;
  let length = 1;
  for (;;) {
    const next = part[length];
    const after = part[length + 1];
    if (next?.text === "." && next.type === "operator" && after?.type === "name") {
      name += `.${after.text}`;
      length += 2;
    } else if (next?.text === "[" && after?.type === "string" && part[length + 2]?.text === "]") {
      const key = stringValue(after.text);
      if (key === null) return null;
      name += `[${quoted(key)}]`;
      length += 3;
    } else {
      return { name, length };
    }
  }
}

function readLiteral(part: readonly Token[]): Literal | undefined {
  const [first, second] = part;
  if (part.length === 1 && first?.type === "string") return stringValue(first.text) ?? undefined;
  if (part.length === 1 && first?.type === "number") return readNumber(first.text);
  if (part.length === 2 && first?.text === "-" && second?.type === "number") {
    const number = readNumber(second.text);
    return number === undefined ? undefined : -number;
  }
  if (part.length !== 1 || first?.type !== "name") return undefined;
  return first.text === "None" ? null : first.text === "True" ? true : first.text === "False" ? false : undefined;
}

/** A number that JavaScript holds exactly as it is written. */
function readNumber(text: string): number | undefined {
  const number = Number(text.replaceAll("_", ""));
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number)) ? number : undefined;
}

function readList(part: readonly Token[]): readonly Literal[] | null {
  const [open, close] = [part[0], part[part.length - 1]];
  if (open?.type !== "open" || close?.type !== "close" || open.text === "{") return null;
  const values: Literal[] = [];
  let item: Token[] = [];
  const inner = part.slice(1, -1);
  for (const [index, token] of inner.entries()) {
    if (token.type === "open" || token.type === "close") return null;
    if (token.text === "," && token.type === "operator") {
      const value = readLiteral(item);
      if (value === undefined) return null;
      values.push(value);
      item = [];
    } else {
      item.push(token);
      if (index === inner.length - 1) {
        const value = readLiteral(item);
        if (value === undefined) return null;
        values.push(value);
      }
    }
  }
  // `('a')` is no tuple in Python but a text.
  return values.length === 0 || (open.text === "(" && !inner.some((token) => token.text === ",")) ? null : values;
}

function writeLiteral(value: Literal): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : quoted(value);
}

function compare(field: string, operator: Comparison, value: Literal): Term {
  return { type: "compare", field, operator, value, source: `${field} ${operator} ${writeLiteral(value)}` };
}

export function isNull(field: string, negated = false): Term {
  return { type: "null", field, negated, source: `${field} is ${negated ? "not " : ""}None` };
}

export function oneOf(field: string, values: readonly Literal[], negated = false): Term {
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    return only === null ? isNull(field, negated) : compare(field, negated ? "!=" : "==", only);
  }
  return { type: "oneOf", field, values, negated, source: `${field} ${negated ? "not " : ""}in [${values.map(writeLiteral).join(", ")}]` };
}
