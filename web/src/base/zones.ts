/** Wall-clock arithmetic in a named time zone, on top of `Intl` alone. All instants are epoch milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const clocks = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

function clock(zone: string): Intl.DateTimeFormat {
  let format = clocks.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    clocks.set(zone, format);
  }
  return format;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function zoneOffset(instant: number, zone: string): number {
  if (zone === "UTC") return 0;
  // Offsets change on quarter hours at the finest, so one look per quarter hour is enough.
  const quarter = Math.floor(instant / (15 * MINUTE));
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const at = quarter * 15 * MINUTE;
  const fields: Record<string, number> = {};
  for (const part of clock(zone).formatToParts(at)) {
    if (part.type !== "literal") fields[part.type] = Number(part.value);
  }
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - at;
  if (offsets.size > 4096) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** The instant as if the zone's wall clock were UTC: read it with the `getUTC…` methods. */
export const toWall = (instant: number, zone: string): number => instant + zoneOffset(instant, zone);

/** The instant at which the zone's clock shows a wall time; within a gap, the instant after it. */
export function fromWall(wall: number, zone: string): number {
  const guess = wall - zoneOffset(wall, zone);
  const better = wall - zoneOffset(guess, zone);
  return toWall(better, zone) === wall ? better : Math.max(guess, better);
}

/** What `TimeBinConfig.utcOffsetMinutes` wants for bins that should follow this zone. */
export const utcOffsetMinutes = (instant: number, zone: string): number =>
  Math.round(zoneOffset(instant, zone) / MINUTE);

export const Duration = { second: SECOND, minute: MINUTE, hour: HOUR, day: 24 * HOUR } as const;
