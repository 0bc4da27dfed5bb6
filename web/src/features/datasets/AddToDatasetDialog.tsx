import { useEffect, useState } from "react";
import { fetchQuery, mutate, useQuery } from "../../base/cache";
import { plural } from "../../base/format";
import { navigate } from "../../base/router";
import { AddExamples, AddSpans, CreateDataset, DatasetNames, SpanAsExample } from "../../generated/graphql";
import { Button } from "../../parts/Button";
import { Checkbox } from "../../parts/Checkbox";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Input } from "../../parts/Input";
import { Select } from "../../parts/Select";
import { toast } from "../../parts/Toast";
import { datasetsChanged } from "./changes";
import { ExampleEditor, hasFault, textOf, type ExampleTexts } from "./examples/ExampleEditor";
import { parsedObject } from "./jsonFields";
import { datasetPlace } from "./places";

interface AddToDatasetDialogProps {
  /** Ids of the spans' nodes. */
  readonly spanIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NEW = "";

/** Makes examples of spans: in a dataset that is there, or in a new one. A single span can be edited on its way. */
export default function AddToDatasetDialog({ spanIds, onClose, onDone }: AddToDatasetDialogProps): JSX.Element {
  const { data, error: failure } = useQuery(DatasetNames, {});
  const datasets = data?.datasets.edges.map((edge) => edge.node) ?? [];
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [name, setName] = useState("");
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error?: string }>({ isSending: false });
  const target = chosen ?? datasets[0]?.id ?? NEW;
  const [span] = spanIds.length === 1 ? spanIds : [];
  const [isEditing, setEditing] = useState(false);
  const [texts, setTexts] = useState<ExampleTexts | null>(null);
  useEffect(() => {
    if (span === undefined) return undefined;
    let isCurrent = true;
    fetchQuery(SpanAsExample, { span }).then(
      ({ node }) => {
        if (!isCurrent || node.__typename !== "Span") return;
        const { input, output, metadata } = node.asExampleRevision;
        setTexts({ input: textOf(input), output: textOf(output), metadata: textOf(metadata) });
      },
      () => undefined, // It can still be added as it is.
    );
    return () => {
      isCurrent = false;
    };
  }, [span]);
  const add = async (datasetId: string): Promise<string> => {
    if (!isEditing || texts === null || span === undefined) return (await mutate(AddSpans, { input: { datasetId, spanIds } })).addSpansToDataset.dataset.name;
    const example = { input: parsedObject(texts.input), output: parsedObject(texts.output), metadata: parsedObject(texts.metadata), spanId: span };
    return (await mutate(AddExamples, { input: { datasetId, examples: [example] } })).addExamplesToDataset.dataset.name;
  };
  const submit = async (): Promise<void> => {
    if (target === NEW && name.trim() === "") {
      setState({ isSending: false, error: "Give the dataset a name." });
      return;
    }
    if (isEditing && texts !== null && hasFault(texts)) return;
    setState({ isSending: true });
    try {
      const id = target === NEW ? (await mutate(CreateDataset, { input: { name: name.trim() } })).createDataset.dataset.id : target;
      const into = await add(id);
      datasetsChanged();
      toast({ message: `Added ${plural(spanIds.length, "example")} to ${into}`, tone: "good", action: { label: "Open", run: () => navigate(datasetPlace(id)) }, ms: 8000 });
      onDone();
    } catch (wrong) {
      setState({ isSending: false, error: wrong instanceof Error ? wrong.message : String(wrong) });
    }
  };
  const error = state.error ?? failure?.message;
  return (
    <Dialog
      title={`Add ${plural(spanIds.length, "span")} to a dataset`} size={isEditing ? "l" : "s"} onClose={onClose} onSubmit={() => void submit()}
      footer={<><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" disabled={data === undefined || (isEditing && texts !== null && hasFault(texts))} isBusy={state.isSending}>Add</Button></>}
    >
      <Field label="Dataset" hint="The input and the output of a span become those of an example, which remembers the span.">
        <Select value={target} options={[...datasets.map((one) => ({ value: one.id, label: one.name })), { value: NEW, label: "A new dataset…" }]} onChange={setChosen} />
      </Field>
      {target === NEW && <Field label="Name of the new dataset"><Input value={name} onChange={(event) => setName(event.target.value)} /></Field>}
      {span !== undefined && <Checkbox isChecked={isEditing} disabled={texts === null} onChange={setEditing}>Edit it first</Checkbox>}
      {isEditing && texts !== null && <ExampleEditor texts={texts} onChange={setTexts} onCommit={() => void submit()} />}
      {error && <p className="field-error" role="alert">{error}</p>}
    </Dialog>
  );
}
