import { Suspense, useRef, useState } from "react";
import { plural } from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { lazily } from "../../../base/lazily";
import { navigate, withQuery } from "../../../base/router";
import { Button } from "../../../parts/Button";
import { LateDialog } from "../../../parts/LateDialog";
import { Menu } from "../../../parts/Menu";
import { canWaitForUndo, toast, undoable } from "../../../parts/Toast";
import { useProject } from "../projectContext";
import type { Selection } from "../table/useSelection";
import { DeleteDialog } from "./DeleteDialog";
import { deleteTraces, idBytes } from "./deletion";
import { download, type DownloadFormat } from "./download";
import { leave, stay } from "./leaving";
import { TransferDialog } from "./TransferDialog";

const AddToDatasetDialog = lazily(() => import("../../datasets/AddToDatasetDialog"));

/** What the bar needs to know of a marked row. */
interface Marked {
  readonly id: string;
  readonly spanId: string;
  readonly context: { readonly traceId: string };
  readonly trace: { readonly id: string };
}

interface SelectionBarProps<Row extends Marked> {
  readonly selection: Selection<Row>;
  readonly onChanged: () => void;
}

/** What can be done with the marked rows; floats above the table while there are any. */
export function SelectionBar<Row extends Marked>({ selection, onChanged }: SelectionBarProps<Row>): JSX.Element | null {
  const project = useProject();
  const [isTransferring, setIsTransferring] = useState(false);
  const [isConfirming, setIsConfirming] = useState(false);
  const [isAdding, setIsAdding] = useState(false);
  const [isDownloading, setIsDownloading] = useState(false);
  const rows = [...selection.rows.values()];
  const traces = [...new Map(rows.map((row) => [row.trace.id, row.context.traceId]))];
  const traceIds = traces.map(([id]) => id);
  const isAny = rows.length > 0;
  // What is shown when the traces are gone may be another list.
  const changed = useRef(onChanged);
  changed.current = onChanged;

  const remove = (): void => {
    const bytes = idBytes(traceIds);
    if (!canWaitForUndo(bytes)) {
      setIsConfirming(true);
      return;
    }
    leave(traceIds);
    selection.clear();
    undoable({
      message: `${plural(traceIds.length, "trace")} deleted`,
      bytes,
      commit: async ({ keepalive }) => {
        await deleteTraces(traceIds, keepalive);
        stay(traceIds);
        changed.current();
      },
      undo: () => stay(traceIds),
    });
  };
  const save = async (what: "spans" | "traces", format: DownloadFormat): Promise<void> => {
    setIsDownloading(true);
    try {
      await download({ projectName: project.name, projectId: project.id, format, ...(what === "spans" ? { spanIds: rows.map((row) => row.spanId) } : { traceIds: traces.map(([, id]) => id) }) });
    } catch (error) {
      toast({ message: error instanceof Error ? error.message : String(error), tone: "bad" });
    } finally {
      setIsDownloading(false);
    }
  };
  const compare = (): void => {
    navigate(withQuery({ traceId: traces.map(([, id]) => id), selectedSpanNodeId: null }, `/projects/${project.id}/traces/compare`));
  };

  useKeys(
    isAny && !isTransferring && !isConfirming && !isAdding
      ? [
          { keys: "Escape", label: "Select nothing", group: "Table", run: selection.clear },
          { keys: "d", label: "Compare the two selected traces", group: "Table", run: () => traces.length === 2 && compare() },
        ]
      : [],
  );
  if (!isAny) return null;
  return (
    <div className="sb" role="toolbar" aria-label="Selected rows">
      <span className="sb-count" role="status">
        {rows.length === traces.length ? plural(traces.length, "trace") : `${plural(rows.length, "span")} of ${plural(traces.length, "trace")}`}
      </span>
      <Button variant="quiet" size="s" icon="compare" disabled={traces.length !== 2} title={traces.length === 2 ? "Compare the two traces" : "Select two traces to compare them"} onClick={compare}>
        Compare
      </Button>
      <Menu
        label="Download"
        placement="bottom-start"
        items={[
          { id: "sj", label: "Spans as JSON lines", onSelect: () => void save("spans", "jsonl") },
          { id: "so", label: "Spans as OTLP JSON", onSelect: () => void save("spans", "otlp") },
          { id: "tj", label: "Whole traces as JSON lines", startsGroup: true, onSelect: () => void save("traces", "jsonl") },
          { id: "to", label: "Whole traces as OTLP JSON", onSelect: () => void save("traces", "otlp") },
        ]}
        trigger={(props) => (
          <Button {...props} variant="quiet" size="s" icon="download" isBusy={isDownloading}>
            Download
          </Button>
        )}
      />
      <Button variant="quiet" size="s" icon="datasets" onClick={() => setIsAdding(true)}>
        Add to dataset
      </Button>
      <Button variant="quiet" size="s" icon="move" onClick={() => setIsTransferring(true)}>
        Transfer
      </Button>
      <Button variant="danger" size="s" icon="trash" onClick={remove}>
        Delete {traceIds.length === 1 ? "trace" : "traces"}
      </Button>
      <Button variant="quiet" size="s" icon="close" aria-label="Select nothing" title="Select nothing (Esc)" onClick={selection.clear} />
      {isAdding && (
        <Suspense fallback={<LateDialog onGiveUp={() => setIsAdding(false)} />}>
          <AddToDatasetDialog
            spanIds={rows.map((row) => row.id)}
            onClose={() => setIsAdding(false)}
            onDone={() => {
              setIsAdding(false);
              selection.clear();
            }}
          />
        </Suspense>
      )}
      {isTransferring && (
        <TransferDialog
          traceIds={traceIds}
          onClose={() => setIsTransferring(false)}
          onDone={() => {
            setIsTransferring(false);
            selection.clear();
            onChanged();
          }}
        />
      )}
      {isConfirming && (
        <DeleteDialog
          traceIds={traceIds}
          onClose={() => setIsConfirming(false)}
          onDone={() => {
            setIsConfirming(false);
            selection.clear();
            changed.current();
          }}
        />
      )}
    </div>
  );
}
