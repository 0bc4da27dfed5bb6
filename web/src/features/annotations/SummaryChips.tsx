import { visibleText } from "../../parts/text/visible";
import { AnnotationChip } from "./AnnotationChip";
import { commonest, isNote, summaryText, toneOf, type Config, type Scope, type Summary } from "./annotation";

interface SummaryChipsProps {
  readonly summaries: readonly Summary[];
  readonly configs?: readonly Config[] | undefined;
  readonly of?: Scope;
  readonly isTabStop?: boolean;
  readonly isReadOnly?: boolean;
}

/** One chip for each name that something is annotated with. */
export function SummaryChips({ summaries, configs, of = "annotations", isTabStop = true, isReadOnly = false }: SummaryChipsProps): JSX.Element | null {
  const shown = summaries.filter((one) => !isNote(one));
  if (shown.length === 0) return null;
  const list = shown.map((one) => visibleText(`${one.name}: ${summaryText(one)}`));
  return (
    <span className="an-chips">
      {shown.map((one) => {
        const verdict = { label: commonest(one.labelFractions)?.label ?? null, score: one.meanScore };
        const config = configs?.find((other) => other.name === one.name);
        return <AnnotationChip key={one.name} name={one.name} text={summaryText(one)} tone={toneOf(config, verdict)} of={of} {...(isReadOnly ? {} : { verdict })} isTabStop={isTabStop} />;
      })}
      {shown.length > 1 && <span className="an-rest" role="img" aria-label={list.join(", ")} title={list.join("\n")} />}
    </span>
  );
}
