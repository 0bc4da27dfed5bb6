import { useState } from "react";
import { useTimeZone } from "../../base/timeZone";
import { fromWall, toWall } from "../../base/zones";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Input } from "../../parts/Input";
import { clearProject, type Named } from "./leaving";

const DAY = 86_400_000;

export interface RemoveBeforeDialogProps {
  readonly project: Named;
  readonly onClose: () => void;
  readonly onCleared?: () => void;
}

export function RemoveBeforeDialog({ project, onClose, onCleared }: RemoveBeforeDialogProps): JSX.Element {
  const zone = useTimeZone();
  const wall = (ms: number): string => new Date(toWall(ms, zone)).toISOString().slice(0, 16);
  const [before, setBefore] = useState(() => wall(Date.now() - 30 * DAY));
  return (
    <Dialog
      title={`Remove data of ${project.name}`}
      size="s"
      onClose={onClose}
      onSubmit={() => {
        if (!before) return;
        onClose();
        clearProject(project, new Date(fromWall(Date.parse(`${before}Z`), zone)), onCleared);
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" disabled={!before}>
            Remove
          </Button>
        </>
      }
    >
      <Field label="Remove traces that began before" hint={zone}>
        <Input type="datetime-local" value={before} max={wall(Date.now())} onChange={(event) => setBefore(event.target.value)} />
      </Field>
      <p className="dim">Some seconds are left to undo it.</p>
    </Dialog>
  );
}
