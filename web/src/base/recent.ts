import { useEffect } from "react";
import { preference } from "./preferences";

/** Something that was looked at, for the palette. */
export interface Recent {
  readonly kind: "project" | "trace" | "span" | "session" | "dataset";
  readonly label: string;
  readonly to: string;
  /** Where it is, such as its project. */
  readonly hint?: string;
}

const KEPT = 12;
const KINDS = ["project", "trace", "span", "session", "dataset"];

const isRecents = (value: unknown): value is readonly Recent[] =>
  Array.isArray(value) &&
  value.every((r: Partial<Recent> | null) => r && KINDS.includes(r.kind ?? "") && typeof r.label === "string" && typeof r.to === "string" && r.to.startsWith("/"));

export const recentlyViewed = preference<readonly Recent[]>("recently-viewed", [], isRecents);

/** Remembers what is looked at, the newest first. Undefined while its name is not known yet. */
export function useRecentlyViewed(recent: Recent | undefined): void {
  const { kind, label, to, hint } = recent ?? {};
  useEffect(() => {
    if (!kind || !label || !to) return;
    recentlyViewed.set((old) => [{ kind, label: label.slice(0, 120), to, ...(hint ? { hint } : {}) }, ...old.filter((r) => r.to !== to)].slice(0, KEPT));
  }, [kind, label, to, hint]);
}
