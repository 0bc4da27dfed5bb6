import { preference, usePreference } from "./preferences";

/** The zone of the browser's clock. */
export const localZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const isZone = (value: unknown): value is string => {
  if (typeof value !== "string") return false;
  try {
    return value === "" || Boolean(new Intl.DateTimeFormat("en-US", { timeZone: value }));
  } catch {
    return false;
  }
};

/** The zone in which times are shown; empty for the browser's own. */
export const timeZone = preference("time-zone", "", isZone);

export const shownZone = (): string => timeZone.get() || localZone;

export function useTimeZone(): string {
  const [chosen] = usePreference(timeZone);
  return chosen || localZone;
}
