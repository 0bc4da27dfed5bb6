import type { FilterCompletionKind } from "../../../generated/graphql";
import { quoted, tokens } from "./tokens";
import type { Example } from "./languages";

/** Something that the field proposes: text for a stretch of what is typed, or a whole condition. */
export interface Offer {
  readonly key: string;
  readonly text: string;
  readonly group: string;
  readonly note: string;
  /** The stretch that is replaced, in UTF-16 units; the whole text when it is missing. */
  readonly from?: number;
  readonly to?: number;
  readonly insert: string;
  /** The condition is finished and used at once. */
  readonly isWhole: boolean;
}

export interface Completion {
  readonly text: string;
  readonly kind: FilterCompletionKind;
}

const NOTES: Readonly<Record<FilterCompletionKind, string>> = {
  FIELD: "field", ATTRIBUTE: "attribute", COLLECTION: "collection", FUNCTION: "function", KEYWORD: "keyword", ANNOTATION: "annotation", VALUE: "value",
};

const OPERATORS: readonly (readonly [string, string])[] = [
  ["==", "is"], ["!=", "is not"], ["in", "one of"], [">", "more than"], [">=", "at least"], ["<", "less than"], ["<=", "at most"], ["is None", "is missing"], ["is not None", "is there"],
];
const KEYWORDS = new Set(["and", "or", "not", "in", "is", "for", "if", "else", "None", "True", "False", "contains"]);
const COUNT_MAX = 12;

/** What an empty field proposes: what was used before, then what one might ask. */
export function starters(history: readonly string[], examples: readonly Example[]): readonly Offer[] {
  const used = history.map((condition): Offer => ({ key: `h ${condition}`, text: condition, group: "Recent", note: "", insert: condition, isWhole: true }));
  const asked = examples
    .filter((example) => !history.includes(example.condition))
    .map((example): Offer => ({ key: `e ${example.condition}`, text: example.condition, group: "Examples", note: example.meaning, insert: example.condition, isWhole: false }));
  return [...used.slice(0, 6), ...asked];
}

/** Completions of the server for the word that begins at `from`. */
export function completionOffers(completions: readonly Completion[], text: string, from: number, to: number): readonly Offer[] {
  return completions.slice(0, COUNT_MAX).map((completion): Offer => ({
    key: `c ${completion.kind} ${completion.text}`,
    text: completion.text,
    group: "Completions",
    note: NOTES[completion.kind],
    from,
    to,
    insert: inserted(completion, text, from, to),
    isWhole: false,
  }));
}

function inserted({ text: chosen, kind }: Completion, text: string, from: number, to: number): string {
  if (kind === "FUNCTION") return `${chosen}(`;
  const quote = text.charAt(from - 1);
  const isQuoted = quote === "'" || quote === '"';
  if (isQuoted) {
    const escaped = chosen.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
    return text.charAt(to) === quote ? escaped : `${escaped}${quote} `;
  }
  return kind === "COLLECTION" || kind === "ANNOTATION" || text.charAt(to) === " " ? chosen : `${chosen} `;
}

/** Whether an operator is what comes next: a name stands before the cursor, with a space behind it. */
export function wantsOperator(before: string): boolean {
  const found = /(?:^|[\s(])([\p{L}_][\p{L}\p{N}_.]*(?:\[[^\]]*\])*)\s+$/u.exec(before);
  return found?.[1] !== undefined && !KEYWORDS.has(found[1]);
}

export function operatorOffers(at: number): readonly Offer[] {
  return OPERATORS.map(([operator, note]): Offer => ({ key: `o ${operator}`, text: operator, group: "Operators", note, from: at, to: at, insert: `${operator} `, isWhole: false }));
}

/** Whether a value is what comes next: `==` or `!=` stands before the cursor. */
export const wantsValue = (before: string): boolean => /[=!]=\s*$/u.test(before);

export function valueOffers(completions: readonly Completion[], at: number, before: string): readonly Offer[] {
  const space = before.endsWith(" ") ? "" : " ";
  return completions
    .filter((completion) => completion.kind === "VALUE")
    .slice(0, COUNT_MAX)
    .map((completion): Offer => ({
      key: `v ${completion.text}`, text: quoted(completion.text), group: "Values", note: "value", from: at, to: at, insert: `${space}${quoted(completion.text)} `, isWhole: false,
    }));
}

/** Plain words that are no condition can be searched for as they are. */
export function searchOffer(text: string, field: string): Offer {
  const condition = field === "text" ? `text contains ${quoted(text.trim())}` : `${quoted(text.trim())} in ${field}`;
  return { key: "search", text: text.trim(), group: "Search", note: "find this text", insert: condition, isWhole: true };
}

/** Words rather than the beginning of a condition. An apostrophe may make words unreadable as a condition; a sign of comparison never stands among words. */
export function isPlainText(text: string): boolean {
  if (/[=<>]/u.test(text)) return false;
  const all = tokens(text);
  return all === null || !all.some((token) => token.type === "operator" && token.text !== "." && token.text !== ",");
}

/** Those of some completions that go with a word that grew. */
export function stillMatching(completions: readonly Completion[], word: string): readonly Completion[] {
  const wanted = word.toLowerCase();
  return completions.filter((completion) => completion.text.toLowerCase().includes(wanted));
}

/** The text and the cursor after an offer was taken. */
export function take(offer: Offer, text: string): { readonly text: string; readonly cursor: number } {
  const from = offer.from ?? 0;
  const next = text.slice(0, from) + offer.insert + text.slice(offer.to ?? text.length);
  return { text: next, cursor: from + offer.insert.length };
}
