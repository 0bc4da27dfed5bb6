import { invalidate } from "../../base/cache";
import { store } from "../../base/store";
import { forgetLists } from "../project/table/useRowList";

/** Counts changes of datasets made through this page, so that the lists of them know when to read again. */
export const datasetChanges = store(0);

const STALE: readonly string[] = ["DatasetPage", "DatasetVersions", "DatasetNames", "DatasetLabels", "DatasetSplits", "ExampleDetail", "ShellStatus"];

/** Reads again what shows datasets. */
export function datasetsChanged(): void {
  invalidate(STALE);
  forgetLists();
  datasetChanges.set((count) => count + 1);
}
