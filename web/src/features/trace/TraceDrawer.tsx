import { navigate, useLocation, withQuery } from "../../base/router";
import { Drawer } from "../../parts/Drawer";
import { TraceView } from "./TraceView";

export interface TraceProps {
  readonly projectId: string;
  readonly traceId: string;
  /** Which list it is opened from. */
  readonly list: "spans" | "traces";
}

/** What only a trace says in the URL. */
const OWN = { selectedSpanNodeId: null, spanSearch: null, zoom: null, criticalPath: null, tab: null, view: null } as const;

/** A trace over the table that it was opened from, or instead of it with `view=full`. */
export function TraceDrawer({ projectId, traceId, list }: TraceProps): JSX.Element {
  const { query } = useLocation();
  const back = withQuery(OWN, `/projects/${encodeURIComponent(projectId)}/${list}`);
  if (query.get("view") === "full") return <section className="trace-page" aria-label="Trace"><TraceView projectId={projectId} traceId={traceId} list={list} isPage back={back} /></section>;
  return <Drawer name="trace" label="Trace" onClose={() => navigate(back)} initial={1240}><TraceView projectId={projectId} traceId={traceId} list={list} isPage={false} back={back} /></Drawer>;
}
