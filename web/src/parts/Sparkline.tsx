export interface SparklineProps {
  /** What the bars show, for its accessible name. */
  readonly label: string;
  readonly values: readonly number[];
  /** The part of each value that is drawn as bad. */
  readonly bad?: readonly number[];
}

const HEIGHT = 24;

function bars(from: readonly number[], height: readonly number[], max: number): string {
  return from
    .map((y, i) => {
      const h = ((height[i] ?? 0) / max) * HEIGHT;
      if (h <= 0) return "";
      // What is there can be seen, however little.
      const shown = Math.max(1, h);
      const top = HEIGHT - (y / max) * HEIGHT - shown;
      return `M${i + 0.12} ${Math.max(0, top).toFixed(2)}h.76v${shown.toFixed(2)}h-.76z`;
    })
    .join("");
}

/** Small bars without axes, two paths however many. */
export function Sparkline({ label, values, bad = [] }: SparklineProps): JSX.Element {
  const max = Math.max(1, ...values);
  const good = values.map((v, i) => v - (bad[i] ?? 0));
  const none = values.map(() => 0);
  return (
    <svg className="sparkline" viewBox={`0 0 ${Math.max(1, values.length)} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path className="sparkline-bar" d={bars(none, good, max)} />
      <path className="sparkline-bad" d={bars(good, bad, max)} />
    </svg>
  );
}
