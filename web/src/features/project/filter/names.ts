import { readField } from "./terms";
import { tokens } from "./tokens";

/** The condition with another name in the place of one; strings, and names that it is a part of, stay as they are. */
export function renamed(condition: string, name: string, other: string): string {
  const all = tokens(condition) ?? [];
  let text = "", end = 0;
  for (const [at, first] of all.entries()) {
    const isBegin = name.startsWith(first.text) && all[at - 1]?.text !== ".";
    const field = isBegin ? readField(all.slice(at)) : null;
    if (field?.name !== name || all[at + field.length]?.text === "[") continue;
    text += condition.slice(end, first.from) + other;
    end = all[at + field.length - 1]?.to ?? first.to;
  }
  return text + condition.slice(end);
}
