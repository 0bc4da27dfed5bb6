import { createContext, useContext } from "react";

/** The project that a page is about. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly gradientStartColor: string;
  readonly gradientEndColor: string;
  readonly hasTraces: boolean;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only the id is known yet. */
  readonly isPending?: boolean;
}

export const pendingProject = (id: string): Project => ({
  id, name: "…", description: null, gradientStartColor: "", gradientEndColor: "", hasTraces: true, startTime: null, endTime: null, createdAt: "", updatedAt: "", isPending: true,
});

export const ProjectContext = createContext<Project | null>(null);

export function useProject(): Project {
  const project = useContext(ProjectContext);
  if (project === null) throw new Error("There is no project around this part of the page.");
  return project;
}

export const TABS = ["spans", "traces", "sessions", "metrics", "config"] as const;
export type TabName = (typeof TABS)[number];
export const isTab = (text: string | undefined): text is TabName => TABS.some((tab) => tab === text);
/** The tabs that show a table. */
export type ListTab = "spans" | "traces" | "sessions";
