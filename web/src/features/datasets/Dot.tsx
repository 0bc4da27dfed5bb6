import { visibleText } from "../../parts/text/visible";

interface Named {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

/** A label of a dataset or a split of examples: its name with its colour. */
export function Dot({ of }: { readonly of: Named }): JSX.Element {
  return (
    <span className="ds-dot" title={visibleText(of.description ? `${of.name}: ${of.description}` : of.name)}>
      <span className="ds-dot-mark" style={{ backgroundColor: of.color }} />
      <span className="ellipsis">{visibleText(of.name)}</span>
    </span>
  );
}

export function Dots({ of }: { readonly of: readonly Named[] }): JSX.Element | null {
  if (of.length === 0) return null;
  return <span className="ds-dots">{of.map((one) => <Dot key={one.id} of={one} />)}</span>;
}

/** Colours for what is made here. */
export const COLOURS: readonly string[] = ["#3b82f6", "#10b981", "#f59e0b", "#ef4444", "#8b5cf6", "#ec4899", "#14b8a6", "#64748b"];
export const colourFor = (name: string): string => COLOURS[[...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % COLOURS.length] ?? "#64748b";
