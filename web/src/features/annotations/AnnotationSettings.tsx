import { useMemo, useState } from "react";
import { mutate, renew } from "../../base/cache";
import * as format from "../../base/format";
import { useQueryParameter } from "../../base/router";
import { store, useStore } from "../../base/store";
import { DeleteAnnotationConfigs } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { DataTable, type TableColumn } from "../../parts/dataTable";
import { EmptyState } from "../../parts/EmptyState";
import { IconButton } from "../../parts/IconButton";
import { Input } from "../../parts/Input";
import { undoable } from "../../parts/Toast";
import { visibleText } from "../../parts/text/visible";
import type { Config } from "./annotation";
import { CONFIGS } from "./changes";
import ConfigDialog from "./ConfigDialog";
import { useAllConfigs } from "./useConfigs";

/** Ids of configs that are taken away, as long as that can be undone. */
const leavingConfigs = store<ReadonlySet<string>>(new Set());
const TYPE_NAMES = { CATEGORICAL: "Labels", CONTINUOUS: "Score", FREEFORM: "Text" } as const;
const DIRECTION_NAMES = { MAXIMIZE: "higher is better", MINIMIZE: "lower is better", NONE: "" } as const;

/** What annotations can say, for the forms of every project. */
export default function AnnotationSettings(): JSX.Element {
  const { configs, error, refetch } = useAllConfigs();
  const leaving = useStore(leavingConfigs);
  const [words, setWords] = useQueryParameter("q", "");
  const [editing, setEditing] = useState<{ readonly config: Config | null } | null>(null);
  const [active, setActive] = useState(-1);
  const all = useMemo(() => configs?.filter((one) => !leaving.has(one.id)), [configs, leaving]);
  const rows = useMemo(() => all?.filter((one) => `${one.name} ${one.description ?? ""}`.toLowerCase().includes(words.trim().toLowerCase())) ?? [], [all, words]);
  const columns = useMemo(() => columnsOf({ edit: (config) => setEditing({ config }), remove: deleteConfig }), []);
  return (
    <div className="models">
      <div className="models-bar">
        <Input icon="search" aria-label="Search configs" placeholder="Name or description" value={words} onChange={(event) => setWords(event.target.value)} />
        <span className="dim" role="status">{all ? format.plural(rows.length, "config") : ""}</span>
        <Button variant="primary" icon="plus" className="push" onClick={() => setEditing({ config: null })}>New config</Button>
      </div>
      {error !== undefined ? (
        <EmptyState icon="error" title="The configs could not be read" actions={<Button icon="refresh" onClick={refetch}>Try again</Button>}><p role="alert">{error}</p></EmptyState>
      ) : all && rows.length === 0 ? (
        all.length === 0 ? (
          <EmptyState icon="tag" title="No configs yet" actions={<Button variant="primary" icon="plus" onClick={() => setEditing({ config: null })}>New config</Button>}>
            <p>A config names what people judge, such as correctness, and says which labels or scores they choose from. A project asks for the configs that are added to it.</p>
          </EmptyState>
        ) : (
          <EmptyState icon="search" title="No config like that" actions={<Button onClick={() => setWords("")}>Show all</Button>} />
        )
      ) : (
        <DataTable<Config>
          label="Annotation configs" count={all ? rows.length : 6} row={(index) => rows[index]} rowId={(row) => row.id} columns={columns} active={active} onActive={setActive}
          onOpen={(config) => setEditing({ config })} onSeen={() => undefined} isBusy={!all}
        />
      )}
      {editing && <ConfigDialog config={editing.config} onClose={() => setEditing(null)} />}
    </div>
  );
}

function deleteConfig({ id, name }: Config): void {
  const stay = (): void => leavingConfigs.set((old) => new Set([...old].filter((other) => other !== id)));
  leavingConfigs.set((old) => new Set([...old, id]));
  undoable({
    message: `Deleted the config ${name}; annotations stay`,
    undo: stay,
    commit: async (options) => {
      await mutate(DeleteAnnotationConfigs, { ids: [id] }, options);
      await renew(CONFIGS);
      stay();
    },
  });
}

function columnsOf(actions: { readonly edit: (config: Config) => void; readonly remove: (config: Config) => void }): readonly TableColumn<Config>[] {
  return [
    { key: "name", title: "Name", width: 180, grow: 1, cell: (row) => <span title={visibleText(row.name)}>{visibleText(row.name)}</span> },
    { key: "type", title: "Says", width: 80, cell: (row) => TYPE_NAMES[row.annotationType] },
    { key: "values", title: "Values", width: 220, grow: 3, cell: (row) => <Values config={row} /> },
    { key: "direction", title: "Scores", width: 120, cell: (row) => <span className="dim">{DIRECTION_NAMES[row.optimizationDirection]}</span> },
    { key: "description", title: "Description", width: 140, grow: 2, cell: (row) => <span className="dim" title={visibleText(row.description ?? "")}>{visibleText(row.description ?? "")}</span> },
    {
      key: "actions", title: "Actions", width: 76, align: "end",
      cell: (row) => (
        <span className="models-actions">
          <IconButton icon="edit" size="s" label={`Edit ${row.name}`} onClick={() => actions.edit(row)} />
          <IconButton icon="trash" size="s" label={`Delete ${row.name}`} onClick={() => actions.remove(row)} />
        </span>
      ),
    },
  ];
}

/** What a config lets one choose, in a line. */
export function Values({ config }: { readonly config: Config }): JSX.Element {
  if (config.__typename === "CategoricalAnnotationConfig") {
    return (
      <span className="ac-shown">
        {config.values.map((one) => (
          <span key={one.label} className="ac-shown-value">
            {visibleText(one.label)}
            {one.score !== null && <span className="dim"> {format.score(one.score)}</span>}
          </span>
        ))}
      </span>
    );
  }
  const { lowerBound, upperBound } = config;
  const range = lowerBound === null && upperBound === null ? "any number" : lowerBound === null ? `up to ${format.score(upperBound)}` : upperBound === null ? `from ${format.score(lowerBound)}` : `${format.score(lowerBound)} to ${format.score(upperBound)}`;
  const threshold = config.__typename === "FreeformAnnotationConfig" && config.threshold !== null ? `, threshold ${format.score(config.threshold)}` : "";
  return <>{config.__typename === "FreeformAnnotationConfig" && range === "any number" ? `text${threshold}` : `${range}${threshold}`}</>;
}
