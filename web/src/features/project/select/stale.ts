/** Queries whose answers change with the traces of a project. */
export const STALE: readonly string[] = [
  "ProjectStats", "ProjectSpanCount", "ProjectTraffic", "ProjectTraceTraffic", "ProjectTokenTraffic", "ProjectFacets", "ProjectSessionStats", "Projects",
];
