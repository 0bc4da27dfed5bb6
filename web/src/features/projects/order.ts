import { isOneOf, preference } from "../../base/preferences";
import type { ProjectSort } from "../../generated/graphql";
import type { ListedProject } from "./useProjects";

export const ORDERS = ["activity", "name", "traces", "sessions", "p50", "errors", "cost"] as const;
export type Order = (typeof ORDERS)[number];

export const ORDER_NAMES: Readonly<Record<Order, string>> = {
  activity: "Last activity", name: "Name", traces: "Traces", sessions: "Sessions", p50: "Median latency", errors: "Error rate", cost: "Cost",
};

export interface Sorting {
  readonly by: Order;
  readonly isDescending: boolean;
}

/** `activity`, `-activity`: the text of the query and of the preference. */
export const written = ({ by, isDescending }: Sorting): string => (isDescending ? "-" : "") + by;

export function readSorting(text: string): Sorting {
  const by = ORDERS.find((o) => o === text.replace(/^-/, ""));
  return by ? { by, isDescending: text.startsWith("-") } : { by: "activity", isDescending: true };
}

const all = ORDERS.flatMap((o) => [o, `-${o}`]);
export const lastSorting = preference<string>("projects-sort", "-activity", isOneOf(...all));

export type ProjectsView = "cards" | "table";
const isView = isOneOf<ProjectsView>("cards", "table");
export const projectsView = preference<ProjectsView>("projects-view", "cards", isView);
/** The view that a link asks for. */
export const readView = (text: string | null): ProjectsView | undefined => (isView(text) ? text : undefined);

/** The order that the server makes; undefined when it has to be made here, of all projects. */
export function serverSort({ by, isDescending }: Sorting): ProjectSort | undefined {
  const dir = isDescending ? "desc" : "asc";
  return by === "name" ? { col: "name", dir } : by === "activity" ? { col: "endTime", dir } : undefined;
}

const VALUE: Readonly<Record<Order, (p: ListedProject) => number | string | null>> = {
  activity: (p) => p.endTime,
  name: (p) => p.name,
  traces: (p) => p.traceCount,
  sessions: (p) => p.sessionCount,
  p50: (p) => p.latencyMsP50,
  errors: (p) => errorRate(p),
  cost: (p) => p.costSummary.total.cost,
};

/** The share of traces that failed. */
export const errorRate = (p: ListedProject): number | null => (p.traffic && p.traffic.traceCount > 0 ? p.traffic.failedCount / p.traffic.traceCount : null);

/** What is missing comes last in both directions; equals keep their order by name. */
export function sorted(projects: readonly ListedProject[], { by, isDescending }: Sorting): readonly ListedProject[] {
  const value = VALUE[by];
  return [...projects].sort((a, b) => {
    const x = value(a);
    const y = value(b);
    if (x === null || y === null) return x === y ? a.name.localeCompare(b.name) : x === null ? 1 : -1;
    const order = typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y)) : x - y;
    return (isDescending ? -order : order) || a.name.localeCompare(b.name);
  });
}
