import { useQueryParameter } from "../../base/router";
import { pickScale, possibleScales, type BinScale } from "../../parts/charts";

/** The scale of the bins: the contract's for the range, unless the URL holds another that fits. */
export function useBinScale(start: number, end: number): [BinScale, (scale: BinScale) => void] {
  const [chosen, setChosen] = useQueryParameter("bins", "");
  const usual = pickScale(start, end);
  const scale = possibleScales(start, end).find((one) => one === chosen) ?? usual;
  return [scale, (next) => setChosen(next === usual ? "" : next)];
}
