import { useState } from "react";
import { mutate, useQuery } from "../../../base/cache";
import { plural } from "../../../base/format";
import { TransferTargets, TransferTraces } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Dialog } from "../../../parts/Dialog";
import { Field } from "../../../parts/Field";
import { Select } from "../../../parts/Select";
import { toast } from "../../../parts/Toast";
import { useProject } from "../projectContext";
import { STALE } from "./stale";

interface TransferDialogProps {
  readonly traceIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks for a project and moves traces there. */
export function TransferDialog({ traceIds, onClose, onDone }: TransferDialogProps): JSX.Element {
  const project = useProject();
  const { data, error: failure } = useQuery(TransferTargets, {});
  const targets = data?.projects.edges.map((edge) => edge.node).filter((one) => one.id !== project.id) ?? [];
  const [chosen, setChosen] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error: string | undefined }>({ isSending: false, error: undefined });
  const target = targets.find((one) => one.id === chosen) ?? targets[0];

  const submit = async (): Promise<void> => {
    if (target === undefined) return;
    setState({ isSending: true, error: undefined });
    try {
      await mutate(TransferTraces, { traceIds, projectId: target.id }, { invalidates: STALE });
      toast({
        message: `${plural(traceIds.length, "trace")} moved to ${target.name}`,
        tone: "good",
        action: { label: "Undo", run: () => void mutate(TransferTraces, { traceIds, projectId: project.id }, { invalidates: STALE }).catch((error: unknown) => toast({ message: String(error), tone: "bad" })) },
        ms: 8000,
      });
      onDone();
    } catch (error) {
      setState({ isSending: false, error: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <Dialog
      title={`Transfer ${plural(traceIds.length, "trace")}`}
      size="s"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={target === undefined} isBusy={state.isSending}>
            Transfer
          </Button>
        </>
      }
    >
      {data !== undefined && targets.length === 0 ? (
        <p>There is no other project yet.</p>
      ) : (
        <Field label="To project" hint="Whole traces move, with all of their spans." error={state.error ?? failure?.message}>
          <Select value={target?.id ?? ""} options={targets.map((one) => ({ value: one.id, label: one.name }))} onChange={setChosen} />
        </Field>
      )}
    </Dialog>
  );
}
