import { tokens } from "./tokens";

interface Name {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The names of a condition with all their parts, `llm.model_name` being one, but for those that go on in brackets. */
function names(condition: string): readonly Name[] {
  const all = tokens(condition) ?? [];
  const found: Name[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const first = all[at];
    if (first?.type !== "name") continue;
    const isBegin = all[at - 1]?.text !== ".";
    let { text, to } = first;
    for (let part = all[at + 2]; all[at + 1]?.text === "." && part?.type === "name"; part = all[at + 2]) {
      text += `.${part.text}`;
      to = part.to;
      at += 2;
    }
    if (isBegin && all[at + 1]?.text !== "[") found.push({ text, from: first.from, to });
  }
  return found;
}

/** The condition with another name in the place of one; strings, and names that it is a part of, stay as they are. */
export function renamed(condition: string, name: string, other: string): string {
  const found = names(condition).filter((one) => one.text === name);
  return found.reduceRight((text, one) => text.slice(0, one.from) + other + text.slice(one.to), condition);
}
