import { useId, useRef, useState, type DragEvent } from "react";
import * as format from "../../../base/format";
import { Button } from "../../../parts/Button";
import { Checkbox } from "../../../parts/Checkbox";
import { Icon } from "../../../parts/Icon";
import { IconButton } from "../../../parts/IconButton";
import { Select } from "../../../parts/Select";
import { visibleText } from "../../../parts/text/visible";
import { PREVIEW_BYTES, previewOf, usualRoles, type Preview, type Role } from "./preview";

/** A file with what its columns are. */
export interface Chosen {
  readonly file: File;
  readonly preview: Preview;
  readonly roles: Readonly<Record<string, Role>>;
  readonly opened: readonly string[];
}

const ROLES: readonly { readonly value: Role; readonly label: string }[] = [
  { value: "input", label: "Input" },
  { value: "output", label: "Output" },
  { value: "metadata", label: "Metadata" },
  { value: "split", label: "Split" },
  { value: "id", label: "Id" },
  { value: "none", label: "Leave out" },
];
const SHOWN_ROWS = 5;
const CELL = 200;

/** Chooses a file by its button or by dropping it, shows its first rows, and asks what its columns are. */
export function FilePart({ chosen, onChoose }: { readonly chosen: Chosen | null; readonly onChoose: (chosen: Chosen | null) => void }): JSX.Element {
  const [error, setError] = useState<string>();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = async (given: File | undefined): Promise<void> => {
    if (!given) return;
    setError(undefined);
    try {
      const file = await withoutMark(given);
      const preview = previewOf(file.name, await file.slice(0, PREVIEW_BYTES).text(), file.size <= PREVIEW_BYTES);
      onChoose({ file, preview, roles: usualRoles(preview.columns), opened: [...preview.objects] });
    } catch (failure) {
      onChoose(null);
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className="up" data-over={isOver || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <input ref={input} id={id} className="sr" type="file" tabIndex={-1} aria-label="File" accept=".csv,.jsonl,.ndjson,.json,text/csv,application/jsonl" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
      {chosen ? (
        <>
          <div className="up-file">
            <Icon name="datasets" />
            <strong className="ellipsis">{visibleText(chosen.file.name)}</strong>
            <span className="dim">{chosen.preview.format === "csv" ? "CSV" : "JSON lines"}, {format.bytes(chosen.file.size)}, {format.plural(chosen.preview.columns.length, "column")}</span>
            <span className="push" />
            <Button size="s" onClick={() => input.current?.click()}>Another file</Button>
            <IconButton icon="close" size="s" label="No file" onClick={() => onChoose(null)} />
          </div>
          <Columns chosen={chosen} onChoose={onChoose} />
        </>
      ) : (
        <div className="up-empty">
          <Icon name="upload" size={24} />
          <Button onClick={() => input.current?.click()}>Choose a file</Button>
          <p className="dim">or drop it here. CSV with named columns, or one JSON object a line.</p>
        </div>
      )}
      {error && <p className="field-error" role="alert">{error}</p>}
    </div>
  );
}

/** Spreadsheets begin their files with a byte order mark, which would become a part of the first column's name. */
async function withoutMark(file: File): Promise<File> {
  const [first, second, third] = new Uint8Array(await file.slice(0, 3).arrayBuffer());
  return first === 0xef && second === 0xbb && third === 0xbf ? new File([file.slice(3)], file.name, { type: file.type }) : file;
}

function Columns({ chosen, onChoose }: { readonly chosen: Chosen; readonly onChoose: (chosen: Chosen) => void }): JSX.Element {
  const { preview, roles, opened } = chosen;
  const change = (column: string, role: Role): void => {
    const next: Record<string, Role> = { ...roles, [column]: role };
    // There is one column for ids and one for splits.
    if (role === "id" || role === "split") for (const other of preview.columns) if (other !== column && next[other] === role) next[other] = "none";
    onChoose({ ...chosen, roles: next });
  };
  const open = (column: string, isOpen: boolean): void => onChoose({ ...chosen, opened: isOpen ? [...opened, column] : opened.filter((one) => one !== column) });
  return (
    <div className="up-scroll" role="region" aria-label="Columns of the file" tabIndex={0}>
      <table className="up-table">
        <thead>
          <tr>{preview.columns.map((column) => <th key={column} scope="col" title={visibleText(column)}>{visibleText(column)}</th>)}</tr>
          <tr>
            {preview.columns.map((column) => (
              <td key={column} data-role={roles[column]}>
                <Select<Role> label={`What ${column} is`} value={roles[column] ?? "none"} options={ROLES} onChange={(role) => change(column, role)} />
                {preview.objects.has(column) && <Checkbox isChecked={opened.includes(column)} onChange={(isOpen) => open(column, isOpen)}>Open its keys</Checkbox>}
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.slice(0, SHOWN_ROWS).map((row, at) => (
            <tr key={at}>{row.map((value, column) => <td key={column} data-role={roles[preview.columns[column] ?? ""]}><span className="up-cell">{visibleText(value.slice(0, CELL))}</span></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
