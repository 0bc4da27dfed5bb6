/** A piece of a condition and what it is, for colouring. */
export interface Piece {
  readonly text: string;
  readonly type: "string" | "number" | "keyword" | "operator" | "name" | "plain";
  readonly isWrong: boolean;
}

const PATTERN =
  /(?<string>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)|(?<number>\b\d[\d_]*(?:\.\d+)?\b)|(?<keyword>\b(?:and|or|not|in|is|None|True|False|contains|for|any|all|len|sum|min|max)\b)|(?<operator>[=!<>]=?|[+\-*/%])|(?<name>[\p{L}_][\p{L}\p{N}_.]*)|(?<plain>\s+|.)/gu;
const TYPES = ["string", "number", "keyword", "operator", "name", "plain"] as const;

/** The pieces of a condition. Whatever is typed gives pieces whose texts make up the whole. */
export function highlight(text: string, wrongFrom: number | null = null): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const type = TYPES.find((one) => match.groups?.[one] !== undefined) ?? "plain";
    const from = match.index ?? 0;
    const piece = match[0] ?? "";
    const to = from + piece.length;
    const isWrong = wrongFrom !== null && to > wrongFrom && from <= wrongFrom;
    pieces.push({ text: piece, type, isWrong });
  }
  return pieces;
}

/** The place that an error sentence of the server names, as a UTF-16 offset; null when it names none. */
export function errorOffset(message: string, condition: string): number | null {
  const found = /at character (\d+)/u.exec(message)?.[1];
  if (found === undefined) return null;
  return Math.min(utf16Offset(condition, Number(found) - 1), Math.max(0, condition.length - 1));
}

/** An offset in code points as one in UTF-16 units. */
export function utf16Offset(text: string, codePoints: number): number {
  return [...text].slice(0, Math.max(0, codePoints)).join("").length;
}

export const codePointOffset = (text: string, utf16: number): number => [...text.slice(0, utf16)].length;
