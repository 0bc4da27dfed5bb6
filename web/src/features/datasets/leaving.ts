import { mutate } from "../../base/cache";
import { plural } from "../../base/format";
import { store } from "../../base/store";
import { DeleteDataset, DeleteExamples } from "../../generated/graphql";
import { undoable } from "../../parts/Toast";
import { datasetsChanged } from "./changes";

/** Ids of datasets, examples, labels and splits that are taken away, as long as that can be undone. */
export const leavingFromDatasets = store<ReadonlySet<string>>(new Set());

export const leave = (ids: readonly string[]): void => leavingFromDatasets.set((old) => new Set([...old, ...ids]));
export const stay = (ids: readonly string[]): void => leavingFromDatasets.set((old) => new Set([...old].filter((id) => !ids.includes(id))));

/** Takes a dataset away at once; the server learns of it when that can no longer be undone. */
export function deleteDataset({ id, name }: { readonly id: string; readonly name: string }): void {
  leave([id]);
  undoable({
    message: `Deleted the dataset ${name}`,
    undo: () => stay([id]),
    commit: async (options) => {
      await mutate(DeleteDataset, { id }, options);
      datasetsChanged();
    },
  });
}

/** What the ids of examples take in a request. */
export const exampleBytes = (ids: readonly string[]): number => ids.reduce((sum, id) => sum + id.length + 3, 0);

/** Takes examples away at once, as one new version when that can no longer be undone. */
export function deleteExamples(datasetId: string, exampleIds: readonly string[]): void {
  leave(exampleIds);
  undoable({
    message: `Deleted ${plural(exampleIds.length, "example")}`,
    bytes: exampleBytes(exampleIds),
    undo: () => stay(exampleIds),
    commit: async (options) => {
      await mutate(DeleteExamples, { input: { datasetId, exampleIds } }, options);
      datasetsChanged();
    },
  });
}
