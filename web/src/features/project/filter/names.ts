import { tokens } from "./tokens";

interface Name {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The names of a condition with all their parts, `llm.model_name` being one; none where the condition cannot be read. */
function names(condition: string): readonly Name[] {
  const found: Name[] = [];
  let isContinued = false;
  for (const token of tokens(condition) ?? []) {
    const last = found.at(-1);
    if (token.type !== "name") {
      isContinued = token.text === ".";
    } else if (isContinued && last !== undefined) {
      found[found.length - 1] = { text: `${last.text}.${token.text}`, from: last.from, to: token.to };
      isContinued = false;
    } else {
      found.push(token);
    }
  }
  return found;
}

/** The condition with another name in the place of one; strings, and names that it is a part of, stay as they are. */
export function renamed(condition: string, name: string, other: string): string {
  const found = names(condition).filter((one) => one.text === name);
  return found.reduceRight((text, one) => text.slice(0, one.from) + other + text.slice(one.to), condition);
}
