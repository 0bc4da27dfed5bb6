import { mutate, renew } from "../../base/cache";
import { time } from "../../base/format";
import { store } from "../../base/store";
import { ClearProject, DeleteProject } from "../../generated/graphql";
import { undoable } from "../../parts/Toast";

/** Projects whose data goes, as long as that can be taken back: id → what will be gone. */
export const leaving = store<ReadonlyMap<string, "project" | "data">>(new Map());

function mark(id: string, what: "project" | "data" | null): void {
  leaving.set((old) => {
    const next = new Map(old);
    if (what) next.set(id, what);
    else next.delete(id);
    return next;
  });
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Deletes a project, after the time in which that can be undone. */
export function deleteProject({ id, name }: Named): void {
  mark(id, "project");
  undoable({
    message: `Deleted ${name}`,
    commit: async (options) => {
      await mutate(DeleteProject, { id }, options);
      await renew();
      mark(id, null); // The server may give the id to another project.
    },
    undo: () => mark(id, null),
  });
}

/** Removes the traces of a project, those before a time or all; then calls back. */
export function clearProject({ id, name }: Named, before: Date | null, onCleared?: () => void): void {
  mark(id, "data");
  undoable({
    message: before ? `Removed data of ${name} before ${time(before)}` : `Cleared ${name}`,
    commit: async (options) => {
      await mutate(ClearProject, { input: before ? { id, endTime: before.toISOString() } : { id } }, options);
      onCleared?.();
      await renew();
      mark(id, null);
    },
    undo: () => mark(id, null),
  });
}
