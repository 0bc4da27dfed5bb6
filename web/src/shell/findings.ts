import { useEffect, useMemo, useState } from "react";
import { fetchQuery, useQuery } from "../base/cache";
import { ago, time } from "../base/format";
import { places } from "../base/places";
import { match, useLocation } from "../base/router";
import { PaletteNode, PaletteProjects, PaletteSearch, PaletteSpan, PaletteTexts, PaletteTrace, type FoundSpan } from "../generated/graphql";
import type { IconName } from "../parts/Icon";

/** One line of the palette. */
export interface Finding {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly icon: IconName;
  readonly hint?: string;
  readonly keys?: string;
  readonly snippet?: { readonly before: string; readonly match: string; readonly after: string };
  readonly to?: string;
  readonly run?: () => void;
}

export function useDebounced(value: string, ms: number): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}

const PROJECTS_SEARCHED = 12;
/** Texts shown of the project that one is in; where one is in none, of each project and in all. */
const TEXTS_HERE = 8, TEXTS_EACH = 4, TEXTS_IN_ALL = 10;

/** Projects and datasets whose name has the words, datasets also by their description; without words the projects that were active last. */
export function useNamed(query: string): readonly Finding[] {
  const searched = useQuery(PaletteSearch, { query }, { skip: query === "", keepPrevious: true });
  const latest = useQuery(PaletteProjects, { first: PROJECTS_SEARCHED });
  return useMemo(() => {
    const found = query ? (searched.data?.searchResources ?? []) : [];
    const projects = query
      ? found.flatMap((r) => (r.__typename === "Project" ? [r] : []))
      : (latest.data?.projects.edges ?? []).slice(0, 5).map((e) => e.node);
    const datasets = found.flatMap((r): Finding[] => (r.__typename === "Dataset" ? [{ id: `dataset ${r.id}`, group: "Datasets", title: r.name, icon: "datasets", to: places.dataset(r.id), ...(r.description ? { hint: r.description.slice(0, 60) } : {}) }] : []));
    return [...projects.map((p): Finding => ({ id: `project ${p.id}`, group: "Projects", title: p.name, icon: "projects", to: places.project(p.id), ...(p.endTime ? { hint: ago(p.endTime) } : {}) })), ...datasets];
  }, [query, searched.data, latest.data]);
}

const inProject = (project: { readonly name: string }): string => `in ${project.name}`;

function spanFinding(span: FoundSpan, group: string): Finding {
  const { project } = span.trace;
  return { id: `${group} ${span.id}`, group, title: span.name, icon: "traces", hint: `${span.spanKind} ${inProject(project)}`, to: places.span(project.id, span.trace.traceId, span.id) };
}

async function byId(text: string): Promise<readonly Finding[]> {
  const id = text.toLowerCase();
  const group = "By id";
  if (/^[0-9a-f]{32}$/.test(id)) {
    const { getTraceByOtelId: trace } = await fetchQuery(PaletteTrace, { id });
    return trace ? [{ id: `trace ${trace.id}`, group, title: trace.rootSpan?.name ?? trace.traceId, icon: "traces", hint: `trace ${inProject(trace.project)}`, to: places.trace(trace.project.id, trace.traceId) }] : [];
  }
  if (/^[0-9a-f]{16}$/.test(id)) {
    const { getSpanByOtelId: span } = await fetchQuery(PaletteSpan, { id });
    return span ? [spanFinding(span, group)] : [];
  }
  const { node } = await fetchQuery(PaletteNode, { id: text });
  switch (node.__typename) {
    case "Project":
      return [{ id: `node ${node.id}`, group, title: node.name, icon: "projects", hint: "project", to: places.project(node.id) }];
    case "Trace":
      return [{ id: `node ${node.id}`, group, title: node.rootSpan?.name ?? node.traceId, icon: "traces", hint: `trace ${inProject(node.project)}`, to: places.trace(node.project.id, node.traceId) }];
    case "Span":
      return [spanFinding(node, group)];
    case "ProjectSession":
      return [{ id: `node ${node.id}`, group, title: node.sessionId, icon: "sessions", hint: `session ${inProject(node.project)}`, to: places.session(node.project.id, node.id) }];
    case "Dataset":
      return [{ id: `node ${node.id}`, group, title: node.name, icon: "datasets", hint: "dataset", to: places.dataset(node.id) }];
    case "DatasetExample":
      return [{ id: `node ${node.id}`, group, title: node.externalId ?? node.id, icon: "datasets", hint: `example in ${node.dataset.name}`, to: places.example(node.dataset.id, node.id) }];
    default:
      return [];
  }
}

/** OTel ids have 16 or 32 hexadecimal digits; ours are the base64 of `Type:number`. */
const isId = (text: string): boolean => {
  if (/^([0-9a-f]{16}|[0-9a-f]{32})$/i.test(text)) return true;
  try {
    return text.length >= 8 && /^(Project|Trace|Span|ProjectSession|Dataset|DatasetExample):\d+$/.test(atob(text));
  } catch {
    return false;
  }
};

/** What an id that was pasted belongs to. */
export function useById(query: string): readonly Finding[] {
  const [found, setFound] = useState<readonly Finding[]>([]);
  useEffect(() => {
    let isCurrent = true;
    setFound([]);
    if (isId(query)) {
      byId(query).then(
        (findings) => {
          if (isCurrent) setFound(findings);
        },
        () => undefined, // There is nothing of this id.
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [query]);
  return found;
}

/** Splits a snippet around its match; the server counts code points. */
export function splitSnippet(snippet: string, offset: number, length: number): { before: string; match: string; after: string } {
  const points = [...snippet];
  const start = Math.max(0, offset - 32);
  const clean = (part: readonly string[]): string => part.join("").replace(/\s+/g, " ");
  return {
    before: (start > 0 ? "…" : "") + clean(points.slice(start, offset)),
    match: clean(points.slice(offset, offset + length)),
    after: clean(points.slice(offset + length, offset + length + 140)),
  };
}

/** Spans that contain the words: of the project one is in, or else of the projects that were active last. */
export function useTexts(query: string): { readonly findings: readonly Finding[]; readonly isSearching: boolean } {
  const { path } = useLocation();
  const here = match("/projects/:project/*", path)?.["project"] ?? match("/projects/:project", path)?.["project"];
  const latest = useQuery(PaletteProjects, { first: PROJECTS_SEARCHED }, { skip: here !== undefined });
  const [state, setState] = useState<{ findings: readonly Finding[]; isSearching: boolean }>({ findings: [], isSearching: false });
  const projects = useMemo(
    () => (here ? [here] : (latest.data?.projects.edges ?? []).filter((e) => e.node.hasTraces).slice(0, PROJECTS_SEARCHED).map((e) => e.node.id)),
    [here, latest.data],
  );
  useEffect(() => {
    if (query.length < 3 || isId(query)) {
      setState({ findings: [], isSearching: false });
      return undefined;
    }
    let isCurrent = true;
    setState((old) => ({ ...old, isSearching: true }));
    void Promise.all(
      projects.map((project) => fetchQuery(PaletteTexts, { project, query, first: here ? TEXTS_HERE + 1 : TEXTS_EACH }).catch(() => undefined)),
    ).then((answers) => {
      if (!isCurrent) return;
      const findings = answers.flatMap((answer) => {
        if (answer?.node.__typename !== "Project") return [];
        const { name, searchSpans } = answer.node;
        return searchSpans.edges.map(
          ({ node, field, snippet, matchOffset, matchLength }): Finding => ({
            id: `text ${node.id}`,
            group: here ? "Text in this project" : "Text in recent projects",
            title: node.name,
            icon: "message",
            hint: `${field} · ${here ? time(node.startTime) : name}`,
            snippet: splitSnippet(snippet, matchOffset, matchLength),
            to: places.span(node.trace.project.id, node.trace.traceId, node.id),
          }),
        );
      });
      const more: readonly Finding[] =
        here && findings.length > TEXTS_HERE ? [{ id: "texts", group: "Text in this project", title: "Show all of them in the table", icon: "filter", to: places.text(here, query) }] : [];
      setState({ findings: [...findings.slice(0, here ? TEXTS_HERE : TEXTS_IN_ALL), ...more], isSearching: false });
    });
    return () => {
      isCurrent = false;
    };
  }, [query, projects, here]);
  return state;
}
