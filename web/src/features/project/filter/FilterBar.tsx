import { Chips } from "./Chips";
import { FilterField } from "./FilterField";
import { selectsRoots, withRoots } from "./facets";
import type { Language } from "./languages";

interface FilterBarProps {
  readonly language: Language;
  readonly projectId: string;
  readonly condition: string;
  readonly onChange: (condition: string) => void;
}

/** What the rows of a tab must be: for spans whether only roots, then the rest of the condition as chips or as text. */
export function FilterBar({ language, projectId, condition, onChange }: FilterBarProps): JSX.Element {
  const isSpans = language.key === "SPAN";
  const isRootOnly = isSpans && selectsRoots(condition);
  const rest = isRootOnly ? withRoots(condition, false) : condition;
  const applyRest = (next: string): void => onChange(isRootOnly ? withRoots(next, true) : next);
  return (
    <div className="fb" role="search" aria-label={`Filter of ${language.thing}s`}>
      {isSpans && (
        <div className="fb-roots" role="group" aria-label="Which spans">
          <button type="button" aria-pressed={isRootOnly} onClick={() => onChange(withRoots(condition, true))}>
            Roots
          </button>
          <button type="button" aria-pressed={!isRootOnly} onClick={() => onChange(withRoots(condition, false))}>
            All spans
          </button>
        </div>
      )}
      <FilterField language={language} projectId={projectId} condition={rest} onApply={applyRest}>
        <Chips condition={rest} onChange={applyRest} />
      </FilterField>
    </div>
  );
}
