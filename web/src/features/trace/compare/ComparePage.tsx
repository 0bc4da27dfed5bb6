import { useMemo, useState } from "react";
import { setQuery, useLocation, withQuery } from "../../../base/router";
import { Button } from "../../../parts/Button";
import { EmptyState } from "../../../parts/EmptyState";
import { PageHeader } from "../../../parts/PageHeader";
import { Skeleton } from "../../../parts/Skeleton";
import { useTrace, type LoadedTrace } from "../data/useTrace";
import { diffTraces } from "../model/diff";
import type { TraceModel } from "../model/trace";
import { CompareBody } from "./CompareBody";
import { TracePicker } from "./TracePicker";

interface CompareProps {
  readonly projectId: string;
  readonly projectName: string;
  readonly list: "spans" | "traces";
}

/** Two traces side by side; both are in the URL. */
export function ComparePage({ projectId, projectName, list }: CompareProps): JSX.Element {
  const { query } = useLocation(), [left = "", right = ""] = query.getAll("traceId");
  const path = `/projects/${encodeURIComponent(projectId)}`;
  return (
    <div className="compare">
      <PageHeader crumbs={[{ label: "Projects", to: "/projects" }, { label: projectName, to: withQuery({ traceId: null, pair: null, all: null }, `${path}/${list}`) }, { label: "Compare traces" }]} />
      {left === "" || right === "" ? <TracePicker projectId={projectId} chosen={left || right} onChoose={(id) => setQuery({ traceId: left || right ? [left || right, id] : [id] }, { replace: false })} /> : <Pair key={`${left} ${right}`} projectId={projectId} list={list} left={left} right={right} />}
    </div>
  );
}

function Pair({ projectId, list, left, right }: { readonly projectId: string; readonly list: "spans" | "traces"; readonly left: string; readonly right: string }): JSX.Element {
  const a = useTrace(projectId, left, true), b = useTrace(projectId, right, true);
  const choose = (id: string | null): void => setQuery({ traceId: id }, { replace: false });
  if (a.isMissing && b.isMissing) return <EmptyState icon="compare" title="Neither trace is here" actions={<Button variant="primary" onClick={() => choose(null)}>Choose others</Button>}><p>This project has no trace with the id <code>{left}</code>{left !== right && <>, nor one with the id <code>{right}</code></>}.</p></EmptyState>;
  for (const [t, id] of [[a, left], [b, right]] as const) {
    if (t.isMissing) return <EmptyState icon="compare" title="One of the traces is not here" actions={<Button variant="primary" onClick={() => choose(id === left ? right : left)}>Choose another</Button>}><p>This project has no trace with the id <code>{id}</code>.</p></EmptyState>;
    if (t.error) return <EmptyState icon="error" title="A trace could not be read" actions={<Button variant="primary" onClick={t.retry}>Try again</Button>}><p>{t.error}</p></EmptyState>;
  }
  if (!a.model || !b.model) return <div className="trace-loading"><Skeleton lines={12} label="Loading both traces" /></div>;
  return <Compared a={a} b={b} left={a.model} right={b.model} projectId={projectId} list={list} ids={[left, right]} />;
}

function Compared({ a, b, left, right, projectId, list, ids }: { readonly a: LoadedTrace; readonly b: LoadedTrace; readonly left: TraceModel; readonly right: TraceModel; readonly projectId: string; readonly list: "spans" | "traces"; readonly ids: readonly [string, string] }): JSX.Element {
  const [took, diff] = useMemo(() => {
    const from = performance.now(), result = diffTraces(left, right);
    return [performance.now() - from, result] as const;
  }, [left, right]);
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  return <CompareBody {...{ left, right, diff, took, projectId, list, ids, closed, setClosed }} costs={[a.summary?.costSummary.total.cost ?? null, b.summary?.costSummary.total.cost ?? null]} />;
}
