import { useState, type ReactNode } from "react";
import { mutate, useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { places } from "../../../base/places";
import { Link, navigate, withQuery } from "../../../base/router";
import { ExampleDetail, PatchExamples, type DatasetExampleField, type ExampleDetailData } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { CopyButton } from "../../../parts/CopyButton";
import { Drawer } from "../../../parts/Drawer";
import { EmptyState } from "../../../parts/EmptyState";
import { Field } from "../../../parts/Field";
import { IconButton } from "../../../parts/IconButton";
import { Input } from "../../../parts/Input";
import type { Json } from "../../../parts/json/json";
import { JsonView } from "../../../parts/json/JsonView";
import { Skeleton } from "../../../parts/Skeleton";
import { LongText } from "../../../parts/text/LongText";
import { toast } from "../../../parts/Toast";
import { visibleText } from "../../../parts/text/visible";
import { datasetsChanged } from "../changes";
import type { OpenDataset } from "../DatasetPage";
import { Dots } from "../Dot";
import { parsedObject } from "../jsonFields";
import { deleteExamples } from "../leaving";
import { datasetPlace, examplePlace } from "../places";
import { ExampleEditor, hasFault, PARTS, textOf, type ExampleTexts } from "./ExampleEditor";
import { numberOf } from "./ExamplesTab";
import { exampleNeighbours } from "./neighbours";

type Example = Extract<ExampleDetailData["node"], { readonly __typename: "DatasetExample" }>;

interface ExampleDrawerProps {
  readonly dataset: OpenDataset;
  readonly exampleId: string;
  readonly version: string | null;
}

/** An example beside the table: its parts to read, or as JSON to change. */
export default function ExampleDrawer({ dataset, exampleId, version }: ExampleDrawerProps): JSX.Element {
  const { data, error, isLoading, refetch } = useQuery(ExampleDetail, { id: exampleId, version }, { keepPrevious: true });
  const example = data?.node.__typename === "DatasetExample" && data.node.id === exampleId ? data.node : undefined;
  const [editing, setEditing] = useState<string | null>(null);
  const isEditing = editing === exampleId && example !== undefined;
  const close = (): void => navigate(withQuery({}, datasetPlace(dataset.id)));
  const step = (by: 1 | -1): void => {
    const beside = exampleNeighbours.of(exampleId, by);
    if (beside === undefined) toast({ message: by === 1 ? "This is the last example of the table." : "This is the first example." });
    else navigate(withQuery({}, examplePlace(dataset.id, beside)), { replace: true });
  };
  useKeys(
    isEditing ? [] : [
      { keys: "j", label: "Next example", group: "Example", run: () => step(1) },
      { keys: "k", label: "Previous example", group: "Example", run: () => step(-1) },
      { keys: "e", label: "Edit the example", group: "Example", run: () => { if (version === null && example) setEditing(exampleId); } },
    ],
  );
  return (
    <Drawer name="example" label="Example" onClose={isEditing ? () => setEditing(null) : close} initial={720}>
      <header className="ds-drawer-head">
        <IconButton icon="arrow-up" label="Previous example" keys="k" onClick={() => step(-1)} />
        <IconButton icon="arrow-down" label="Next example" keys="j" onClick={() => step(1)} />
        <h2 className="ellipsis">Example {example ? visibleText(example.externalId ?? `#${numberOf(example.id)}`) : ""}</h2>
        <CopyButton text={exampleId} label="Copy the id of the example" size="m" />
        <span className="push" />
        {version === null && example && !isEditing && <Button size="s" icon="edit" title="Edit (e)" onClick={() => setEditing(exampleId)}>Edit</Button>}
        {version === null && example && <IconButton icon="trash" label="Delete the example" onClick={() => { deleteExamples(dataset.id, [exampleId]); close(); }} />}
        <IconButton icon="close" label="Close the example" keys="Escape" onClick={close} />
      </header>
      {error && !example ? (
        <EmptyState icon="error" title="The example could not be read" actions={<Button onClick={refetch}>Try again</Button>}><p role="alert">{error.message}</p></EmptyState>
      ) : !example || isLoading ? <div className="ds-drawer-body"><Skeleton lines={10} label="Loading the example" /></div> : isEditing ? (
        <Editor key={example.id} datasetId={dataset.id} example={example} onDone={() => setEditing(null)} />
      ) : <Read example={example} />}
    </Drawer>
  );
}

function Read({ example }: { readonly example: Example }): JSX.Element {
  const { span } = example;
  return (
    <div className="ds-drawer-body">
      <dl className="facts">
        {example.datasetSplits.length > 0 && <Fact name="splits"><Dots of={example.datasetSplits} /></Fact>}
        {span && <Fact name="from the span"><Link className="link" to={places.span(span.trace.project.id, span.context.traceId, span.id)}>{visibleText(span.name)} in {visibleText(span.trace.project.name)}</Link></Fact>}
        <Fact name="created">{format.time(example.createdAt)}</Fact>
        {example.revision.createdAt !== example.createdAt && <Fact name="changed">{format.time(example.revision.createdAt)}</Fact>}
      </dl>
      {PARTS.map(({ key, label }) => {
        const value = example.revision[key] as Json;
        const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
        return (
          <section key={key} className="ds-part" aria-label={label}>
            <div className="ds-part-head"><h3>{label}</h3>{!isEmpty && <CopyButton text={() => textOf(value)} label={`Copy the ${label.toLowerCase()}`} />}</div>
            {isEmpty ? <p className="dim">Nothing.</p> : <Part value={value} label={label} />}
          </section>
        );
      })}
    </div>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element => <div><dt>{name}</dt><dd>{children}</dd></div>;

/** An object of texts reads as texts under their keys; anything else as JSON. */
function Part({ value, label }: { readonly value: Json; readonly label: string }): JSX.Element {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value as { readonly [key: string]: Json }) : [];
  if (entries.length === 0 || entries.length > 12 || entries.some(([, one]) => typeof one === "object" && one !== null)) return <JsonView value={value} label={label.toLowerCase()} openTo={3} />;
  return (
    <dl className="facts ds-texts">
      {entries.map(([key, one]) => <div key={key}><dt>{visibleText(key)}</dt><dd>{typeof one === "string" ? <LongText text={one} limit={4000} /> : <code>{JSON.stringify(one)}</code>}</dd></div>)}
    </dl>
  );
}

function Editor({ datasetId, example, onDone }: { readonly datasetId: string; readonly example: Example; readonly onDone: () => void }): JSX.Element {
  const [first] = useState<ExampleTexts>(() => ({ input: textOf(example.revision.input), output: textOf(example.revision.output), metadata: textOf(example.revision.metadata) }));
  const [texts, setTexts] = useState(first);
  const [note, setNote] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const changed = PARTS.filter(({ key }) => texts[key] !== first[key]);
  const save = async (): Promise<void> => {
    if (changed.length === 0 || hasFault(texts) || state.isSending) return;
    setState({ isSending: true });
    try {
      const operations = changed.map(({ key }) => ({ replace: { exampleId: example.id, field: key.toUpperCase() as DatasetExampleField, value: parsedObject(texts[key]) } }));
      await mutate(PatchExamples, { input: { datasetId, operations, ...(note.trim() === "" ? {} : { versionDescription: note.trim() }) } });
      datasetsChanged();
      toast({ message: "Saved as a new version", tone: "good", ms: 2500 });
      onDone();
    } catch (failure) {
      setState({ isSending: false, error: failure instanceof Error ? failure.message : String(failure) });
    }
  };
  useKeys([{ keys: "mod+Enter", label: "Save the example", group: "Example", inFields: true, run: () => void save() }]);
  return (
    <div className="ds-drawer-body">
      <ExampleEditor texts={texts} onChange={setTexts} onCommit={() => void save()} />
      <Field label="What changed" hint="Said of the new version."><Input value={note} onChange={(event) => setNote(event.target.value)} /></Field>
      {state.error && <p className="field-error" role="alert">{state.error}</p>}
      <div className="ds-inline">
        <Button variant="primary" disabled={changed.length === 0 || hasFault(texts)} isBusy={state.isSending} onClick={() => void save()}>Save</Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </div>
  );
}
