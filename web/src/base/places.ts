import { textFilter } from "./filterText";

/** The paths of things, by their global ids, and by the OTel id where a trace is meant. */
export const places = {
  project: (project: string, tab?: string): string => `/projects/${encodeURIComponent(project)}${tab ? `/${tab}` : ""}`,
  trace: (project: string, traceId: string, tab: "spans" | "traces" = "traces"): string => `${places.project(project, tab)}/${encodeURIComponent(traceId)}`,
  span: (project: string, traceId: string, span: string): string => `${places.trace(project, traceId, "spans")}?selectedSpanNodeId=${encodeURIComponent(span)}`,
  /** All spans of a project that contain a text. */
  text: (project: string, text: string): string => `${places.project(project, "spans")}?timeRangeKey=all&spanFilterCondition=${encodeURIComponent(textFilter(text))}`,
  dataset: (dataset: string): string => `/datasets/${encodeURIComponent(dataset)}/examples`,
  example: (dataset: string, example: string): string => `${places.dataset(dataset)}/${encodeURIComponent(example)}`,
  session: (project: string, session: string): string => `${places.project(project, "sessions")}/${encodeURIComponent(session)}`,
};
