import { useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useQueryParameter } from "../../../base/router";
import { useStore } from "../../../base/store";
import { Models, type PricedModel } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Badge } from "../../../parts/Chip";
import { DataTable, type TableColumn } from "../../../parts/dataTable";
import { EmptyState } from "../../../parts/EmptyState";
import { IconButton } from "../../../parts/IconButton";
import { Input } from "../../../parts/Input";
import { Segmented } from "../../../parts/Segmented";
import { deleteModel, leavingModels } from "./leavingModels";
import { ModelForm } from "./ModelForm";
import { basePrice, findModels, otherPrices, priceText, type Side } from "./prices";

type Shown = "all" | "custom" | "built-in";

/** What the form is about: a new model, a change of one, or a copy of one. */
interface Editing {
  readonly model: PricedModel | null;
  readonly isCopy: boolean;
}

const KINDS = [
  { value: "all", label: "All" },
  { value: "custom", label: "Custom" },
  { value: "built-in", label: "Built-in" },
] as const;

/** Models with what their tokens cost. */
export default function ModelsSettings(): JSX.Element {
  const { data, error, isLoading } = useQuery(Models, {});
  const [words, setWords] = useQueryParameter("q", "");
  const [kind, setKind] = useQueryParameter("kind", "all");
  const [editing, setEditing] = useState<Editing | null>(null);
  const [active, setActive] = useState(-1);

  const leaving = useStore(leavingModels);
  const models = useMemo(() => data?.generativeModels.edges.map((edge) => edge.node).filter((model) => !leaving.has(model.id)) ?? [], [data, leaving]);
  const rows = useMemo(
    () => findModels(models, words).filter((model) => kind === "all" || (model.kind === "CUSTOM") === (kind === "custom")),
    [models, words, kind],
  );
  const customCount = models.filter((model) => model.kind === "CUSTOM").length;
  const open = (model: PricedModel): void => setEditing({ model, isCopy: model.kind === "BUILT_IN" });
  const columns = useMemo(() => columnsOf({ edit: open, copy: (model) => setEditing({ model, isCopy: true }), remove: deleteModel }), []);

  return (
    <div className="models">
      <div className="models-bar">
        <Input icon="search" aria-label="Search models" placeholder="Name, provider or pattern" value={words} onChange={(event) => setWords(event.target.value)} />
        <Segmented<Shown> label="Kind of models" value={kind as Shown} options={KINDS} onChange={setKind} />
        <span className="dim" role="status">
          {data ? `${format.plural(rows.length, "model")}, ${format.integer(customCount)} custom in all. Dollars for a million tokens.` : ""}
        </span>
        <Button variant="primary" icon="plus" className="push" onClick={() => setEditing({ model: null, isCopy: false })}>
          Add a model
        </Button>
      </div>
      {error && !data ? (
        <EmptyState icon="error" title="The models could not be read">
          {error.message}
        </EmptyState>
      ) : data && rows.length === 0 ? (
        <EmptyState icon="search" title={models.length === 0 ? "No models" : "No model like that"}>
          {kind === "custom" && !words ? "A model of your own gives prices to calls that no built-in model knows, or overrides one that does." : "Change the search or the kind."}
        </EmptyState>
      ) : (
        <DataTable
          label="Models"
          count={isLoading ? 12 : rows.length}
          row={(index) => rows[index]}
          rowId={(row) => row.id}
          columns={columns}
          active={active}
          onActive={setActive}
          onOpen={open}
          onSeen={() => undefined}
          isBusy={isLoading}
        />
      )}
      {editing && <ModelForm model={editing.model} isCopy={editing.isCopy} onClose={() => setEditing(null)} />}
    </div>
  );
}

interface RowActions {
  readonly edit: (model: PricedModel) => void;
  readonly copy: (model: PricedModel) => void;
  readonly remove: (model: PricedModel) => void;
}

function columnsOf(actions: RowActions): readonly TableColumn<PricedModel>[] {
  const price = (side: Side, title: string): TableColumn<PricedModel> => ({
    key: side,
    title,
    width: 150,
    align: "end",
    cell: (model) => <Price model={model} side={side} />,
  });
  return [
    {
      key: "name",
      title: "Name",
      width: 200,
      grow: 2,
      cell: (model) => (
        <span className="models-name">
          <span className="ellipsis" title={model.name}>
            {model.name}
          </span>
          {model.kind === "CUSTOM" && <Badge tone="accent">custom</Badge>}
        </span>
      ),
    },
    { key: "provider", title: "Provider", width: 110, cell: (model) => model.provider ?? <span className="dim">any</span> },
    { key: "pattern", title: "Pattern", width: 180, grow: 2, cell: (model) => <span className="mono" title={model.namePattern}>{model.namePattern}</span> },
    price("PROMPT", "Prompt"),
    price("COMPLETION", "Completion"),
    { key: "since", title: "Since", width: 92, cell: (model) => model.startTime?.slice(0, 10) ?? <span className="dim">always</span> },
    { key: "used", title: "Last used", width: 100, cell: (model) => (model.lastUsedAt ? <span title={format.fullTime(model.lastUsedAt)}>{format.ago(model.lastUsedAt)}</span> : <span className="dim">never</span>) },
    {
      key: "actions",
      title: "Actions",
      width: 92,
      align: "end",
      cell: (model) => (
        <span className="models-actions">
          {model.kind === "CUSTOM" && <IconButton icon="edit" size="s" label={`Edit ${model.name}`} onClick={() => actions.edit(model)} />}
          <IconButton icon="copy" size="s" label={model.kind === "CUSTOM" ? `Copy ${model.name}` : `Override ${model.name}`} onClick={() => actions.copy(model)} />
          {model.kind === "CUSTOM" && <IconButton icon="trash" size="s" label={`Delete ${model.name}`} onClick={() => actions.remove(model)} />}
        </span>
      ),
    },
  ];
}

function Price({ model, side }: { readonly model: PricedModel; readonly side: Side }): JSX.Element {
  const others = otherPrices(model, side);
  const all = others.map((other) => `${other.kind.replaceAll("_", " ")} ${priceText(other.price)}`).join(", ");
  return (
    <span title={all || undefined}>
      {others.length > 0 && (
        <span className="dim models-more">
          +{others.length}
          <span className="sr">: {all}</span>{" "}
        </span>
      )}
      {priceText(basePrice(model, side))}
    </span>
  );
}
