import { useState } from "react";
import { useQuery } from "../../../base/cache";
import { compact } from "../../../base/format";
import { useTimeRange } from "../../../base/timerange";
import { ProjectFacets } from "../../../generated/graphql";
import { Icon } from "../../../parts/Icon";
import { visibleText } from "../../../parts/text/visible";
import { clearFacet, facetChoice, toggleFacet } from "../filter/facets";
import { parseTerms, type Literal } from "../filter/terms";
import { useProject } from "../projectContext";
import { timeRangeOf } from "../spans/spanSource";

interface FacetPanelProps {
  readonly condition: string;
  readonly onCondition: (condition: string) => void;
}

const FACETS: readonly { readonly field: string; readonly label: string }[] = [
  { field: "status_code", label: "Status" },
  { field: "span_kind", label: "Kind" },
  { field: "name", label: "Name" },
  { field: "llm.model_name", label: "Model" },
  { field: "user.id", label: "User" },
];
const FEW = 6;
const MANY = 40;

/** The commonest values of some fields among the spans that the filter selects; a click narrows the filter to them. */
export function FacetPanel({ condition, onCondition }: FacetPanelProps): JSX.Element {
  const terms = parseTerms(condition);
  const chosen = FACETS.filter(({ field }) => {
    const choice = facetChoice(terms, field);
    return choice.included.length > 0 || choice.excluded.length > 0;
  });
  const others = FACETS.filter((facet) => !chosen.includes(facet));
  return (
    <section className="pa-section" aria-label="Narrow down">
      <h3>Narrow down</h3>
      {FACETS.map(({ field, label }) => (
        // A field that is narrowed already is counted without what the filter says of it; the others are counted together.
        <Facet key={field} field={field} label={label} fields={chosen.some((one) => one.field === field) ? [field] : others.map((one) => one.field)} condition={condition} onCondition={onCondition} />
      ))}
    </section>
  );
}

interface FacetProps extends FacetPanelProps {
  readonly field: string;
  readonly label: string;
  readonly fields: readonly string[];
}

function Facet({ field, label, fields, condition, onCondition }: FacetProps): JSX.Element | null {
  const project = useProject();
  const { range } = useTimeRange();
  const [isLong, setIsLong] = useState(false);
  const isAlone = fields.length === 1;
  const filter = isAlone ? clearFacet(condition, field) : condition;
  const { data, isPrevious } = useQuery(
    ProjectFacets,
    { id: project.id, timeRange: timeRangeOf(range), filter: filter || null, fields: isLong ? [field] : fields, first: isLong ? MANY : FEW },
    { keepPrevious: true },
  );
  const answer = data?.node.__typename === "Project" ? data.node.spanFacets : null;
  const facet = answer?.facets.find((one) => one.field === field);
  const choice = facetChoice(parseTerms(condition), field);
  const isChosen = choice.included.length + choice.excluded.length > 0;
  const values = (facet?.values ?? []).filter((one) => one.value !== "");
  if (facet && !isChosen && (values.length === 0 || (values.length === 1 && values[0]?.value === null))) return null;
  const most = Math.max(1, ...values.map((one) => one.count));
  const missing = [...choice.included, ...choice.excluded].filter((value) => !values.some((one) => one.value === value));
  return (
    <div className="pf" role="group" aria-label={label} data-old={isPrevious || undefined}>
      <h4>
        {label}
        {isChosen && (
          <button type="button" className="pf-clear" aria-label={`All values of ${label}`} onClick={() => onCondition(clearFacet(condition, field))}>
            clear
          </button>
        )}
      </h4>
      {!facet && <span className="pa-bone" />}
      <ul>
        {[...values, ...missing.map((value) => ({ value: value === null ? null : String(value), count: 0 }))].map(({ value, count }) => {
          const literal: Literal = value;
          const isIn = choice.included.includes(literal);
          const isOut = choice.excluded.includes(literal);
          const text = value === null ? "(none)" : visibleText(value);
          return (
            <li key={String(value)} className="pf-value" data-out={isOut || undefined}>
              <button type="button" className="pf-choose" aria-pressed={isIn} title={text} onClick={() => onCondition(toggleFacet(condition, field, literal))}>
                <span className="pf-share" style={{ width: `${(100 * count) / most}%` }} />
                <span className="pf-text ellipsis" data-kind={field === "span_kind" ? text.toLowerCase() : undefined}>{text}</span>
                <span className="pf-count">{answer === null ? "" : `${answer.isComplete ? "" : "≈"}${compact(count)}`}</span>
              </button>
              <button type="button" className="pf-exclude" aria-label={`Exclude ${text}`} aria-pressed={isOut} title={`Exclude ${text}`} onClick={() => onCondition(toggleFacet(condition, field, literal, true))}>
                <Icon name="minus" size={12} />
              </button>
            </li>
          );
        })}
      </ul>
      {facet && !isLong && facet.distinctCount > facet.values.length && (
        <button type="button" className="pf-more" onClick={() => setIsLong(true)}>
          {facet.distinctCount - facet.values.length} more
        </button>
      )}
    </div>
  );
}
