import { useQuery } from "../../../base/cache";
import { quoted } from "../../../base/filterText";
import * as format from "../../../base/format";
import { useTimeRange } from "../../../base/timerange";
import { SessionAnnotationSummaryOf, SpanAnnotationSummaryOf, TraceAnnotationSummaryOf, type SummaryItem } from "../../../generated/graphql";
import { visibleText } from "../../../parts/text/visible";
import { useAnnotationNames } from "../../annotations/useAnnotatedSpans";
import { facetChoice, toggleFacet } from "../filter/facets";
import { parseTerms } from "../filter/terms";
import { useProject, type ListTab } from "../projectContext";
import { timeRangeOf } from "../spans/spanSource";

interface AnnotationStatsProps {
  readonly tab: ListTab;
  readonly condition: string;
  readonly onCondition: (condition: string) => void;
}

const FIELDS = { spans: "annotations", traces: "trace_annotations", sessions: "session_annotations" } as const;
const MOST = 12;
const LABELS = 8;

/** What annotations say of all that is listed: the mean of each, and its labels; a click on a label narrows the list. */
export function AnnotationStats({ tab, condition, onCondition }: AnnotationStatsProps): JSX.Element | null {
  const names = useAnnotationNames(useProject().id)?.[tab];
  if (names === undefined || names.length === 0) return null;
  return (
    <section className="pa-section" aria-label="Annotations">
      <h3>Annotations{tab === "spans" ? "" : ` of ${tab}`}</h3>
      {names.slice(0, MOST).map((name) => <One key={name} name={name} tab={tab} condition={condition} onCondition={onCondition} />)}
    </section>
  );
}

function One({ name, tab, condition, onCondition }: AnnotationStatsProps & { readonly name: string }): JSX.Element | null {
  const project = useProject();
  const { range } = useTimeRange();
  const asked = { project: project.id, name, timeRange: timeRangeOf(range) };
  const spans = useQuery(SpanAnnotationSummaryOf, { ...asked, filter: condition || null }, { skip: tab !== "spans", keepPrevious: true });
  const traces = useQuery(TraceAnnotationSummaryOf, { ...asked, filter: null }, { skip: tab !== "traces", keepPrevious: true });
  const sessions = useQuery(SessionAnnotationSummaryOf, { ...asked, filter: condition || null }, { skip: tab !== "sessions", keepPrevious: true });
  const summary: SummaryItem | null | undefined =
    tab === "spans" ? (spans.data?.node.__typename === "Project" ? spans.data.node.spanAnnotationSummary : undefined)
    : tab === "traces" ? (traces.data?.node.__typename === "Project" ? traces.data.node.traceAnnotationSummary : undefined)
    : sessions.data?.node.__typename === "Project" ? sessions.data.node.sessionAnnotationSummary : undefined;
  const field = `${FIELDS[tab]}[${quoted(name)}].label`;
  const choice = facetChoice(parseTerms(condition), field);
  if (summary === undefined) return <span className="pa-bone" />;
  if (summary === null || summary.count === 0) return null;
  const labels = [...summary.labelFractions].sort((a, b) => b.fraction - a.fraction).slice(0, LABELS);
  const most = Math.max(...labels.map((one) => one.fraction), Number.EPSILON);
  return (
    <div className="pa-annotation" role="group" aria-label={visibleText(name)} data-old={spans.isPrevious || traces.isPrevious || sessions.isPrevious || undefined}>
      <h4>
        <span className="ellipsis" title={visibleText(name)}>{visibleText(name)}</span>
        <span className="dim">{format.compact(summary.count)}</span>
        <span title="The mean score">{summary.meanScore === null ? "" : `⌀ ${format.score(summary.meanScore)}`}</span>
      </h4>
      <ul>
        {labels.map(({ label, fraction }) => (
          <li key={label} className="pf-value">
            <button type="button" className="pf-choose" aria-pressed={choice.included.includes(label)} title={visibleText(label)} onClick={() => onCondition(toggleFacet(condition, field, label))}>
              <span className="pf-share" style={{ width: `${(100 * fraction) / most}%` }} />
              <span className="pf-text ellipsis">{visibleText(label)}</span>
              <span className="pf-count">{format.percent(fraction)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
