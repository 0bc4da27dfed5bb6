import { mutate, renew } from "../../../base/cache";
import { store } from "../../../base/store";
import { DeleteModel, Models } from "../../../generated/graphql";
import { undoable } from "../../../parts/Toast";

/** Ids of models that are taken away, as long as that can be undone. */
export const leavingModels = store<ReadonlySet<string>>(new Set());

const leave = (id: string): void => leavingModels.set((old) => new Set([...old, id]));
const stay = (id: string): void => leavingModels.set((old) => new Set([...old].filter((other) => other !== id)));

/** Takes a model away at once; the server learns of it when it can no longer be undone. */
export function deleteModel({ id, name }: { readonly id: string; readonly name: string }): void {
  leave(id);
  undoable({
    message: `Deleted the model ${name}`,
    undo: () => stay(id),
    commit: async (options) => {
      await mutate(DeleteModel, { id }, options);
      await renew([Models.name]);
      stay(id);
    },
  });
}
