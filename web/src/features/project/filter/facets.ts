import { isNull, oneOf, parseTerms, writeTerms, type Literal, type Term } from "./terms";

const ROOT = isNull("parent_id");

/** The values that a condition lets through or shuts out for one field. */
export interface FacetChoice {
  readonly included: readonly Literal[];
  readonly excluded: readonly Literal[];
}

export function facetChoice(terms: readonly Term[], field: string): FacetChoice {
  const values = (negated: boolean): Literal[] => terms.flatMap((term) => [...(choiceOf(term, field, negated) ?? [])]);
  return { included: values(false), excluded: values(true) };
}

/** The values that a term names for a field, when it is a term that a facet could have made. */
function choiceOf(term: Term, field: string, negated: boolean): readonly Literal[] | null {
  if (term.type === "compare" && term.field === field && term.operator === (negated ? "!=" : "==")) return [term.value];
  if (term.type === "oneOf" && term.field === field && term.negated === negated) return term.values;
  if (term.type === "null" && term.field === field && term.negated === negated) return [null];
  return null;
}

/** The condition with one value of a field chosen, or no longer chosen when it was. */
export function toggleFacet(condition: string, field: string, value: Literal, negated = false): string {
  const terms = parseTerms(condition);
  const chosen = terms.flatMap((term) => [...(choiceOf(term, field, negated) ?? [])]);
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  const opposite = terms.map((term) => dropValue(term, field, !negated, value));
  return writeTerms(replaceChoice(opposite.filter((term): term is Term => term !== null), field, negated, next));
}

/** The condition without what it says about a field; also what the counts of that field are asked with. */
export function clearFacet(condition: string, field: string): string {
  return writeTerms(parseTerms(condition).filter((term) => choiceOf(term, field, false) === null && choiceOf(term, field, true) === null));
}

function dropValue(term: Term, field: string, negated: boolean, value: Literal): Term | null {
  const values = choiceOf(term, field, negated);
  if (values === null || !values.includes(value)) return term;
  const left = values.filter((one) => one !== value);
  return left.length === 0 ? null : oneOf(field, left, negated);
}

/** One term for the chosen values, in the place of the first term that it replaces. `in [None]` selects nothing, so None stands alone. */
function replaceChoice(terms: readonly Term[], field: string, negated: boolean, values: readonly Literal[]): readonly Term[] {
  const listed = values.includes(null) && values.length > 1 && !negated ? values.filter((value) => value !== null) : values;
  const made = listed.length === 0 ? [] : [oneOf(field, listed, negated)];
  let isPlaced = false;
  const kept = terms.flatMap((term) => {
    if (choiceOf(term, field, negated) === null) return [term];
    if (isPlaced) return [];
    isPlaced = true;
    return made;
  });
  return isPlaced ? kept : [...kept, ...made];
}

export function removeTerm(condition: string, index: number): string {
  return writeTerms(parseTerms(condition).filter((_, at) => at !== index));
}

function isRootTerm(term: Term): boolean {
  return term.type === "null" && !term.negated && (term.field === "parent_id" || term.field === "parent_span");
}

/** Whether a condition plainly keeps root spans only; a text may do so too, which the server can tell. */
export const selectsRoots = (condition: string): boolean => parseTerms(condition).some(isRootTerm);

export function withRoots(condition: string, isRootOnly: boolean): string {
  const terms = parseTerms(condition).filter((term) => !isRootTerm(term));
  return writeTerms(isRootOnly ? [ROOT, ...terms] : terms);
}

/** The words that a condition looks for in texts, to mark them in what is shown. */
export function searchedTexts(condition: string): readonly string[] {
  return parseTerms(condition).flatMap((term) => (term.type === "contains" && !term.negated && term.value.trim() !== "" ? [term.value.trim()] : []));
}
