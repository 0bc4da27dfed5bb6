import { useContext, createContext } from "react";
import { Menu } from "../../parts/Menu";
import { visibleText } from "../../parts/text/visible";
import { classes } from "../../parts/classes";
import { conditionsOf, type Scope, type Tone } from "./annotation";

/** Narrows what is listed to what a condition selects; null where nothing is listed. */
export const NarrowContext = createContext<((condition: string) => void) | null>(null);

export interface AnnotationChipProps {
  readonly name: string;
  readonly text: string;
  readonly tone?: Tone;
  /** What the chip's menu offers to filter by. Without it the chip is only read. */
  readonly verdict?: { readonly label: string | null; readonly score: number | null };
  readonly of?: Scope;
  /** False in a grid, which has one tab stop. */
  readonly isTabStop?: boolean;
}

/** An annotation in a few characters; its menu filters the list by it. */
export function AnnotationChip({ name, text, tone = "neutral", verdict, of = "annotations", isTabStop = true }: AnnotationChipProps): JSX.Element {
  const narrow = useContext(NarrowContext);
  const content = (
    <>
      <span className="an-name">{visibleText(name)}</span>
      {text !== "" && <b className="an-value">{visibleText(text)}</b>}
    </>
  );
  const className = classes("an-chip", `an-${tone}`);
  const title = visibleText(text === "" ? name : `${name}: ${text}`);
  if (narrow === null || verdict === undefined) return <span className={className} title={title}>{content}</span>;
  return (
    <Menu
      label={`Filter by ${name}`}
      placement="bottom-start"
      items={conditionsOf({ name, label: verdict.label, score: verdict.score }, of).map(({ id, label, condition }) => ({ id, label, onSelect: () => narrow(condition) }))}
      trigger={(props) => (
        <button type="button" className={className} title={title} tabIndex={isTabStop ? undefined : -1} {...props}>
          {content}
        </button>
      )}
    />
  );
}
