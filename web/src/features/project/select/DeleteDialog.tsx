import { useState } from "react";
import { plural } from "../../../base/format";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { toast } from "../../../parts/Toast";
import { deleteTraces } from "./deletion";
import { leave, stay } from "./leaving";

interface DeleteDialogProps {
  readonly traceIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before more traces are deleted than can be brought back. */
export function DeleteDialog({ traceIds, onClose, onDone }: DeleteDialogProps): JSX.Element {
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error: string | undefined }>({ isSending: false, error: undefined });
  const traces = plural(traceIds.length, "trace");
  const submit = async (): Promise<void> => {
    setState({ isSending: true, error: undefined });
    leave(traceIds);
    try {
      await deleteTraces(traceIds, false);
      toast({ message: `${traces} deleted. So many cannot be brought back.`, ms: 8000 });
      onDone();
    } catch (error) {
      setState({ isSending: false, error: error instanceof Error ? error.message : String(error) });
    } finally {
      stay(traceIds);
    }
  };
  return (
    <Dialog
      title={`Delete ${traces}`}
      size="s"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" type="submit" isBusy={state.isSending}>
            Delete
          </Button>
        </>
      }
    >
      <p>So many traces are deleted at once. This cannot be undone.</p>
      {state.error && (
        <p className="field-error" role="alert">
          {state.error}
        </p>
      )}
    </Dialog>
  );
}
