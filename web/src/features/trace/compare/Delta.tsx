import { cost } from "../../../base/format";

/** Differences of cents' fractions matter here. */
export const fineCost = (usd: number): string => (usd > 0 && usd < 0.0001 ? `$${Number(usd.toPrecision(2)).toFixed(Math.min(10, 1 - Math.floor(Math.log10(usd))))}` : cost(usd));

/** How much more or less; a colour only where one of them is better. */
export function Delta({ from, to, format, isLessBetter = false, least = 0, isQuiet = false }: { readonly from: number; readonly to: number; readonly format: (value: number) => string; readonly isLessBetter?: boolean; /** Smaller differences are not worth a colour. */ readonly least?: number; /** Says nothing where there is no difference. */ readonly isQuiet?: boolean }): JSX.Element | null {
  const by = to - from, share = from > 0 ? by / from : 0;
  if (by === 0 || (from === 0 && to === 0)) return isQuiet ? null : <span className="delta">=</span>;
  const isNoted = Math.abs(by) > least && (from === 0 || Math.abs(share) >= 0.1);
  const tone = isLessBetter && isNoted ? (by > 0 ? " delta-worse" : " delta-better") : "";
  return <span className={`delta${tone}`} title={from > 0 ? `${by > 0 ? "+" : "−"}${Math.round(Math.abs(share) * 100)} %` : undefined}>{by > 0 ? "+" : "−"}{format(Math.abs(by))}</span>;
}
