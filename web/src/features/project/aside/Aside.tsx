import type { ListTab } from "../projectContext";
import { AnnotationStats } from "./AnnotationStats";
import { FacetPanel } from "./FacetPanel";
import { ProjectInfo } from "./ProjectInfo";
import { SessionStats } from "./SessionStats";
import { TraceStats } from "./TraceStats";

interface AsideProps {
  readonly tab: ListTab;
  readonly condition: string;
  readonly onCondition: (condition: string) => void;
}

/** Totals of what the table shows, the values it could be narrowed to, and what the project is. */
export function Aside({ tab, condition, onCondition }: AsideProps): JSX.Element {
  return (
    <aside className="pa" aria-label="Summary">
      {tab === "sessions" ? <SessionStats condition={condition} /> : <TraceStats condition={tab === "spans" ? condition : ""} />}
      {tab === "traces" && condition !== "" && <p className="pa-note">Of all traces in this time range, whatever the filter.</p>}
      <AnnotationStats tab={tab} condition={condition} onCondition={onCondition} />
      {tab === "spans" && <FacetPanel condition={condition} onCondition={onCondition} />}
      <ProjectInfo />
    </aside>
  );
}
