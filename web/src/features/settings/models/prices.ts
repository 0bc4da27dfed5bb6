import type { PricedModel, TokenPriceInput } from "../../../generated/graphql";

export type Side = "PROMPT" | "COMPLETION";

/** A line of the form: what a million tokens of a kind cost, as typed. */
export interface PriceLine {
  readonly id: number;
  readonly side: Side;
  readonly kind: string;
  readonly amount: string;
}

/** What a form about a model holds. */
export interface ModelDraft {
  readonly name: string;
  readonly provider: string;
  readonly pattern: string;
  /** A date, empty when the prices always held. */
  readonly since: string;
  readonly lines: readonly PriceLine[];
}

/** The kind of tokens that every side has. */
export const baseKind = (side: Side): string => (side === "PROMPT" ? "input" : "output");

export const SIDES: readonly { readonly side: Side; readonly label: string; readonly kinds: readonly string[] }[] = [
  { side: "PROMPT", label: "Prompt", kinds: ["input", "cache_read", "cache_write", "audio", "image"] },
  { side: "COMPLETION", label: "Completion", kinds: ["output", "reasoning", "audio", "image"] },
];

/** 0.39999999999999997 → 0.4: a price has at most ten digits that were meant. */
export const cleanPrice = (value: number): number => Number(value.toPrecision(10));

export function basePrice(model: PricedModel, side: Side): number | null {
  const found = model.tokenPrices.find((price) => price.kind === side && price.tokenType === baseKind(side));
  return found ? cleanPrice(found.costPerMillionTokens) : null;
}

/** The prices of a side that are not its usual one. */
export const otherPrices = (model: PricedModel, side: Side): readonly { readonly kind: string; readonly price: number }[] =>
  model.tokenPrices
    .filter((price) => price.kind === side && price.tokenType !== baseKind(side))
    .map((price) => ({ kind: price.tokenType, price: cleanPrice(price.costPerMillionTokens) }))
    .sort((a, b) => a.kind.localeCompare(b.kind));

/** $0.40, $15.00, $0.075: a price for a million tokens. */
export const priceText = (price: number | null): string => (price === null ? "–" : `$${price.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`);

export const emptyDraft: ModelDraft = {
  name: "",
  provider: "",
  pattern: "",
  since: "",
  lines: [
    { id: 1, side: "PROMPT", kind: "input", amount: "" },
    { id: 2, side: "COMPLETION", kind: "output", amount: "" },
  ],
};

export function draftOf(model: PricedModel, isCopy: boolean): ModelDraft {
  const lines: PriceLine[] = [];
  for (const { side } of SIDES) {
    const base = basePrice(model, side);
    lines.push({ id: lines.length + 1, side, kind: baseKind(side), amount: base === null ? "" : String(base) });
    for (const { kind, price } of otherPrices(model, side)) lines.push({ id: lines.length + 1, side, kind, amount: String(price) });
  }
  return {
    name: isCopy ? `${model.name} (override)` : model.name,
    provider: model.provider ?? "",
    pattern: model.namePattern,
    since: model.startTime?.slice(0, 10) ?? "",
    lines,
  };
}

export type Faults = Readonly<Record<string, string>>;

/** What is wrong with a draft: the name of a field, or the id of a line, and a sentence. */
export function faults(draft: ModelDraft): Faults {
  const found: Record<string, string> = {};
  if (!draft.name.trim()) found["name"] = "Give the model a name.";
  if (!draft.pattern.trim()) found["pattern"] = "Say which names of models it is about.";
  const seen = new Set<string>();
  for (const line of draft.lines) {
    const amount = Number(line.amount.replace(",", "."));
    const key = `${line.side} ${line.kind.trim()}`;
    if (line.amount.trim() === "" || !Number.isFinite(amount)) found[line.id] = "A number of dollars.";
    else if (amount < 0) found[line.id] = "A price cannot be negative.";
    else if (!line.kind.trim()) found[line.id] = "Name the kind of tokens.";
    else if (seen.has(key)) found[line.id] = `${line.kind} has a price already.`;
    seen.add(key);
  }
  return found;
}

export function inputOf(draft: ModelDraft): {
  readonly name: string;
  readonly provider: string | null;
  readonly namePattern: string;
  readonly startTime: string | null;
  readonly costs: readonly TokenPriceInput[];
} {
  return {
    name: draft.name.trim(),
    provider: draft.provider.trim() || null,
    namePattern: draft.pattern.trim(),
    startTime: draft.since ? `${draft.since}T00:00:00Z` : null,
    costs: draft.lines.map((line) => ({
      tokenType: line.kind.trim(),
      kind: line.side,
      costPerMillionTokens: Number(line.amount.replace(",", ".")),
    })),
  };
}

/** Models whose name, provider or pattern has the words, or whose pattern finds the words as a name of a model. */
export function findModels(models: readonly PricedModel[], words: string): readonly PricedModel[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return models;
  return models.filter((model) => [model.name, model.provider ?? "", model.namePattern].some((text) => text.toLowerCase().includes(wanted)));
}
