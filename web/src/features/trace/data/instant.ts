/** Milliseconds of the epoch from an ISO date, with the microseconds that `Date` drops; NaN for what is no date. */
export function instant(text: string | null | undefined): number {
  if (!text) return NaN;
  const whole = Date.parse(text);
  const fraction = /\.(\d{4,9})/.exec(text)?.[1];
  return fraction ? Math.floor(whole / 1000) * 1000 + Number(`0.${fraction}`) * 1000 : whole;
}
