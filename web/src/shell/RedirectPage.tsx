import { useEffect, useState } from "react";
import { fetchQuery } from "../base/cache";
import { places } from "../base/places";
import { here, navigate, parse, type PageProps, type Params } from "../base/router";
import { PaletteSpan, PaletteTrace, RedirectProject, RedirectSession } from "../generated/graphql";
import { NotFound } from "../parts/NotFound";
import { Skeleton } from "../parts/Skeleton";

/** Where an external identity leads; null when there is no such thing. */
async function destination({ kind = "", id = "" }: Params): Promise<string | null> {
  switch (kind) {
    case "spans": {
      const { getSpanByOtelId: span } = await fetchQuery(PaletteSpan, { id });
      return span && places.span(span.trace.project.id, span.trace.traceId, span.id);
    }
    case "traces": {
      const { getTraceByOtelId: trace } = await fetchQuery(PaletteTrace, { id });
      return trace && places.trace(trace.project.id, trace.traceId);
    }
    case "sessions": {
      const { getProjectSessionById: session } = await fetchQuery(RedirectSession, { id });
      return session && places.session(session.project.id, session.id);
    }
    case "projects": {
      const { getProjectByName: project } = await fetchQuery(RedirectProject, { name: id });
      return project && places.project(project.id);
    }
    default:
      return null;
  }
}

/** What the link says besides, such as a time range, goes along. */
function withHere(to: string): string {
  const there = parse(to, "/");
  for (const [name, value] of here().query) if (!there.query.has(name)) there.query.append(name, value);
  const query = there.query.toString();
  return there.path + (query && `?${query}`);
}

/** `/redirects/…`: links by the ids that an application knows of its own spans, traces, sessions and projects. */
export default function RedirectPage({ params }: PageProps): JSX.Element {
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setFailure(null);
    destination(params).then(
      (to) => {
        if (!isCurrent) return;
        if (to) navigate(withHere(to), { replace: true });
        else setFailure("Its spans may not have arrived yet, or they were deleted.");
      },
      (error: unknown) => {
        if (isCurrent) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [params]);
  if (failure === null) return <Skeleton label="Looking it up" />;
  return <NotFound what={`There is no ${(params["kind"] ?? "").replace(/s$/, "")} “${params["id"] ?? ""}”`}>{failure}</NotFound>;
}
