import { useEffect, useMemo, useState } from "react";
import { isBoolean, isOneOf, preference, usePreference } from "./preferences";
import { setQuery, useLocation } from "./router";
import { shownZone } from "./timeZone";
import { useRemembered } from "./viewLink";

export type PresetKey = "15m" | "1h" | "12h" | "1d" | "7d" | "30d";
export type TimeRangeKey = PresetKey | "all" | "custom";

export interface Preset {
  readonly key: PresetKey;
  readonly label: string;
  readonly ms: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PRESETS: readonly Preset[] = [
  { key: "15m", label: "Last 15 minutes", ms: 15 * MINUTE },
  { key: "1h", label: "Last hour", ms: HOUR },
  { key: "12h", label: "Last 12 hours", ms: 12 * HOUR },
  { key: "1d", label: "Last day", ms: DAY },
  { key: "7d", label: "Last 7 days", ms: 7 * DAY },
  { key: "30d", label: "Last 30 days", ms: 30 * DAY },
];

/** A stretch of time as GraphQL takes it. A missing end is now and whatever comes. */
export interface TimeRange {
  readonly start: string | null;
  readonly end: string | null;
}

export interface ChosenTimeRange {
  readonly key: TimeRangeKey;
  /** Keeps its identity until the choice changes or the range moves on by a minute or more. */
  readonly range: TimeRange;
  readonly label: string;
}

export const lastTimeRange = preference<PresetKey | "all">(
  "last-time-range", "7d", isOneOf("15m", "1h", "12h", "1d", "7d", "30d", "all"),
);
/** Whether pages follow what arrives. */
export const streaming = preference("streaming", true, isBoolean);

const iso = (ms: number): string => new Date(ms).toISOString();

function validTime(text: string | null): string | null {
  if (!text) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : iso(ms);
}

/** The start of a preset, rounded down to a step of it, so that equal questions have equal variables. */
export function presetStart(preset: Preset, now: number): number {
  const step = Math.max(MINUTE, preset.ms / 1000);
  return Math.floor((now - preset.ms) / step) * step;
}

/** Reads the range of a query; an unknown or broken one is the fallback. */
export function readTimeRange(query: URLSearchParams, fallback: PresetKey | "all", now: number): ChosenTimeRange {
  const key = query.get("timeRangeKey");
  const start = validTime(query.get("timeRangeStart"));
  const end = validTime(query.get("timeRangeEnd"));
  const preset = PRESETS.find((p) => p.key === key);
  if (preset) return { key: preset.key, range: { start: iso(presetStart(preset, now)), end: null }, label: preset.label };
  if (start || end) return { key: "custom", range: { start, end }, label: describeRange(start, end) };
  if (key === "all") return ALL;
  const chosen = PRESETS.find((p) => p.key === fallback);
  return chosen ? { key: chosen.key, range: { start: iso(presetStart(chosen, now)), end: null }, label: chosen.label } : ALL;
}

const ALL: ChosenTimeRange = { key: "all", range: { start: null, end: null }, label: "All time" };

function describeRange(start: string | null, end: string | null): string {
  const f = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: shownZone() });
  if (start && end) return `${f.format(new Date(start))} – ${f.format(new Date(end))}`;
  return start ? `Since ${f.format(new Date(start))}` : `Until ${f.format(new Date(end ?? 0))}`;
}

/** Chooses a preset. */
export function setPreset(key: PresetKey | "all"): void {
  lastTimeRange.set(key);
  setQuery({ timeRangeKey: key, timeRangeStart: null, timeRangeEnd: null }, { replace: false });
}

/** Chooses a stretch, as a brush over a chart does. */
export function setCustomRange(start: Date | null, end: Date | null): void {
  setQuery(
    { timeRangeKey: "custom", timeRangeStart: start?.toISOString() ?? null, timeRangeEnd: end?.toISOString() ?? null },
    { replace: false },
  );
}

const NOTHING = {};

/** The time range that the URL holds, or the last one chosen. Presets move on with the clock while the page is seen. */
export function useTimeRange(): ChosenTimeRange {
  const { query } = useLocation();
  const [fallback] = usePreference(lastTimeRange);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, 30_000);
    return () => clearInterval(timer);
  }, []);
  const chosen = readTimeRange(query, fallback, now);
  useRemembered(chosen.key === "custom" ? NOTHING : { timeRangeKey: chosen.key });
  const { start, end } = chosen.range;
  // The same stretch keeps its identity from render to render.
  const range = useMemo(() => ({ start, end }), [start, end]);
  return useMemo(() => ({ key: chosen.key, label: chosen.label, range }), [chosen.key, chosen.label, range]);
}
