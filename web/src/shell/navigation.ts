import { match } from "../base/router";
import type { IconName } from "../parts/Icon";
import { routes } from "../routes";

export interface Entry {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** The key behind `g`. */
  readonly key?: string;
  /** Paths that belong to it besides its own. */
  readonly below?: string;
  /** Stands at the bottom. */
  readonly isLast?: boolean;
  readonly startsGroup?: boolean;
}

const PLANNED: readonly Entry[] = [
  { to: "/projects", label: "Tracing", icon: "traces", key: "p", below: "/projects/*" },
  { to: "/dashboards", label: "Dashboards", icon: "metrics", key: "b", below: "/dashboards/*" },
  { to: "/datasets", label: "Datasets", icon: "datasets", key: "d", below: "/datasets/*" },
  { to: "/apis/rest", label: "REST API", icon: "api", startsGroup: true },
  { to: "/apis/graphql", label: "GraphQL", icon: "graphql" },
  { to: "/settings/general", label: "Settings", icon: "gear", key: "x", below: "/settings/*", isLast: true },
  { to: "/profile/preferences", label: "Preferences", icon: "sliders", below: "/profile/*", isLast: true },
];

/** What the navigation offers: only what has a page. */
export const entries: readonly Entry[] = PLANNED.filter((e) => routes.some((r) => !r.pattern.startsWith("/*") && match(r.pattern, e.to)));

export const isCurrent = (entry: Entry, path: string): boolean =>
  match(entry.to, path) !== null || (entry.below !== undefined && match(entry.below, path) !== null) || (entry.to === "/projects" && path === "/");
