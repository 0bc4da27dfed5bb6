import { escaped, quoted, textFilter } from "../../../base/filterText";
import type { FilterCompletionKind } from "../../../generated/graphql";
import type { Example, Language } from "./languages";

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
    const inside = escaped(chosen, quote);
    return text.charAt(to) === quote ? inside : `${inside}${quote} `;
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

/** Plain words that are no condition can be searched for as they are; marks of quotation around all of them are not part of them. */
export function searchOffer(text: string, { textField, idFields }: Pick<Language, "textField" | "idFields">): Offer {
  const words = /^(["'])((?:(?!\1).)+)\1$/u.exec(text.trim())?.[2] ?? text.trim();
  const idField = /^[0-9a-f]+$/iu.test(words) ? idFields[words.length] : undefined;
  if (idField !== undefined) return { key: "search", text: words, group: "Search", note: "find this id", insert: `${idField} == ${quoted(words.toLowerCase())}`, isWhole: true };
  const condition = textField === "text" ? textFilter(words) : `${quoted(words)} in ${textField}`;
  return { key: "search", text: words, group: "Search", note: "find this text", insert: condition, isWhole: true };
}

/**
 * Words rather than the beginning of a condition. Names, ids, times and addresses have marks that are operators too; what never
 * stands among words is a sign of comparison, arithmetic between blanks, and a bracket right behind a name.
 */
export function isPlainText(text: string): boolean {
  return !/[=<>]|\s[-+*/%]\s|\w[([]|\bis\s+(?:not\s+)?None\b/u.test(text);
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
