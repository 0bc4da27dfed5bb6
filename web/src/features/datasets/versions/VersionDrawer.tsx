import { useEffect, useMemo, useState } from "react";
import { useQuery } from "../../../base/cache";
import * as format from "../../../base/format";
import { useKeys } from "../../../base/keys";
import { Link, navigate, useQueryParameter, withQuery } from "../../../base/router";
import { DatasetVersions } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { Badge } from "../../../parts/Chip";
import { CopyButton } from "../../../parts/CopyButton";
import { Drawer } from "../../../parts/Drawer";
import { EmptyState } from "../../../parts/EmptyState";
import { IconButton } from "../../../parts/IconButton";
import type { Json } from "../../../parts/json/json";
import { JsonView } from "../../../parts/json/JsonView";
import { Select } from "../../../parts/Select";
import { Skeleton } from "../../../parts/Skeleton";
import { LongText } from "../../../parts/text/LongText";
import { TextDiff } from "../../../parts/text/TextDiff";
import { toast } from "../../../parts/Toast";
import { visibleText } from "../../../parts/text/visible";
import type { OpenDataset } from "../DatasetPage";
import { PARTS, textOf } from "../examples/ExampleEditor";
import { numberOf } from "../examples/ExamplesTab";
import { gist } from "../gist";
import { datasetPlace, examplePlace, versionPlace } from "../places";
import type { Change } from "./changes";
import { partsAt, useVersionChanges, type Parts } from "./useVersionChanges";

interface VersionDrawerProps {
  readonly dataset: OpenDataset;
  readonly versionId: string;
}

/** What a version changed of the one before it, or of any other, example by example. */
export default function VersionDrawer({ dataset, versionId }: VersionDrawerProps): JSX.Element {
  const { data } = useQuery(DatasetVersions, { id: dataset.id });
  const versions = useMemo(() => (data?.node.__typename === "Dataset" ? data.node.versions.edges.map((edge) => edge.node) : undefined), [data]);
  const at = versions?.findIndex((one) => one.id === versionId) ?? -1;
  const version = versions?.[at];
  const [base, setBase] = useQueryParameter("base", "");
  const previous = versions?.find((one) => one.id === base) ?? versions?.[at + 1];
  const found = useVersionChanges(dataset.id, version?.id, version && previous?.id);
  const close = (): void => navigate(withQuery({ base: null }, datasetPlace(dataset.id, "versions")));
  const step = (by: 1 | -1): void => {
    const beside = versions?.[at + by];
    if (beside) navigate(withQuery({ base: null }, versionPlace(dataset.id, beside.id)), { replace: true });
    else toast({ message: by === 1 ? "This is the first version." : "This is the latest version." });
  };
  useKeys([
    { keys: "j", label: "Earlier version", group: "Version", run: () => step(1) },
    { keys: "k", label: "Later version", group: "Version", run: () => step(-1) },
  ]);
  const number = versions ? versions.length - at : 0;
  return (
    <Drawer name="version" label="Version" onClose={close} initial={820}>
      <header className="ds-drawer-head">
        <IconButton icon="arrow-up" label="Later version" keys="k" onClick={() => step(-1)} />
        <IconButton icon="arrow-down" label="Earlier version" keys="j" onClick={() => step(1)} />
        <h2 className="ellipsis">Version {version ? number : ""}</h2>
        {at === 0 && <Badge tone="accent">latest</Badge>}
        <CopyButton text={versionId} label="Copy the id of the version" size="m" />
        <span className="push" />
        <Button size="s" icon="datasets" onClick={() => navigate(withQuery({ version: at === 0 ? null : versionId, base: null }, datasetPlace(dataset.id)))}>Its examples</Button>
        <IconButton icon="close" label="Close the version" keys="Escape" onClick={close} />
      </header>
      {versions && !version ? (
        <EmptyState icon="history" title="There is no such version"><p>It may have been deleted with its dataset, or the address may be wrong.</p></EmptyState>
      ) : (
        <div key={versionId} className="ds-drawer-body">
          {version && (
            <dl className="facts">
              <div><dt>created</dt><dd>{format.time(version.createdAt)}</dd></div>
              {version.description && <div><dt>what changed</dt><dd><LongText text={version.description} limit={600} /></dd></div>}
              {gist(version.metadata) !== "" && <div><dt>metadata</dt><dd><JsonView value={version.metadata as Json} label="metadata of the version" /></dd></div>}
            </dl>
          )}
          {versions && version && versions.length > 2 && (
            <div className="dv-base">
              <span className="dim">Compared with</span>
              <Select
                label="Compared with" value={previous?.id ?? ""} onChange={(chosen) => setBase(chosen === versions[at + 1]?.id ? "" : chosen)}
                options={[...(previous ? [] : [{ value: "", label: "nothing" }]), ...versions.flatMap((one, index) => (index === at ? [] : [{ value: one.id, label: `Version ${versions.length - index}, ${format.time(one.createdAt)}` }]))]}
              />
            </div>
          )}
          {found.error !== undefined ? <p className="field-error" role="alert">{found.error}</p>
            : found.isTooLarge ? <p className="dim">This version has too many examples to compare them one by one here.</p>
            : !found.changes || !version ? <Skeleton lines={8} label="Comparing the versions" />
            : <Changes key={previous?.id} dataset={dataset.id} version={version.id} previous={previous?.id} changes={found.changes} />}
        </div>
      )}
    </Drawer>
  );
}

const SHOWN = 25;
const WORDS = { added: "added", changed: "changed", removed: "removed" } as const;
const TONES = { added: "good", changed: "accent", removed: "bad" } as const;

interface ChangesProps {
  readonly dataset: string;
  readonly version: string;
  readonly previous: string | undefined;
  readonly changes: readonly Change[];
}

function Changes({ dataset, version, previous, changes }: ChangesProps): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  const [parts, setParts] = useState<{ readonly before: ReadonlyMap<string, Parts>; readonly after: ReadonlyMap<string, Parts> } | null>(null);
  const [error, setError] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    const page = changes.slice(0, shown);
    const ids = (...kinds: readonly Change["kind"][]): readonly string[] => page.filter((one) => kinds.includes(one.kind)).map((one) => one.id);
    Promise.all([previous === undefined ? new Map<string, Parts>() : partsAt(dataset, previous, ids("changed", "removed")), partsAt(dataset, version, ids("added", "changed"))]).then(
      ([before, after]) => {
        if (isCurrent) setParts({ before, after });
      },
      (failure: unknown) => {
        if (isCurrent) setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [dataset, version, previous, changes, shown]);
  const count = (kind: Change["kind"]): number => changes.filter((one) => one.kind === kind).length;
  const sums = (["added", "changed", "removed"] as const).filter((kind) => count(kind) > 0);
  if (changes.length === 0) return <p className="dim">No example differs.</p>;
  return (
    <section className="dv" aria-label="Changes">
      <p className="dv-sums" role="status">{sums.map((kind) => <Badge key={kind} tone={TONES[kind]}>{format.integer(count(kind))} {WORDS[kind]}</Badge>)}</p>
      {error && <p className="field-error" role="alert">{error}</p>}
      <ul className="dv-list">
        {changes.slice(0, shown).map((change) => (
          <li key={change.id} className="dv-item" data-kind={change.kind}>
            <div className="dv-head">
              <Badge tone={TONES[change.kind]}>{WORDS[change.kind]}</Badge>
              <Name dataset={dataset} change={change} version={change.kind === "removed" ? previous : version} />
            </div>
            {parts ? <Difference before={parts.before.get(change.id)} after={parts.after.get(change.id)} /> : <Skeleton lines={2} label="Loading the examples" />}
          </li>
        ))}
      </ul>
      {shown < changes.length && <button type="button" className="text-more" onClick={() => setShown(shown + 100)}>Show more of {format.integer(changes.length)}</button>}
    </section>
  );
}

function Name({ dataset, change, version }: { readonly dataset: string; readonly change: Change; readonly version: string | undefined }): JSX.Element {
  return <Link className="link ds-mono ellipsis" to={withQuery({ version: version ?? null, base: null }, examplePlace(dataset, change.id))}>{visibleText(change.externalId ?? `#${numberOf(change.id)}`)}</Link>;
}

/** What is there on one side in short; of what is there on both the parts that differ. */
function Difference({ before, after }: { readonly before: Parts | undefined; readonly after: Parts | undefined }): JSX.Element | null {
  const one = after ?? before;
  if (one === undefined) return null;
  if (before === undefined || after === undefined) {
    return (
      <dl className="facts">
        {PARTS.map(({ key, label }) => {
          const text = gist(one[key]);
          return text === "" ? null : <div key={key}><dt>{label.toLowerCase()}</dt><dd><span className="dv-gist">{visibleText(text)}</span></dd></div>;
        })}
      </dl>
    );
  }
  const differing = PARTS.filter(({ key }) => textOf(before[key]) !== textOf(after[key]));
  if (differing.length === 0) return <p className="dim">Written again as it was.</p>;
  return (
    <>
      {differing.map(({ key, label }) => (
        <div key={key} className="dv-part">
          <h4>{label}</h4>
          <TextDiff left={textOf(before[key])} right={textOf(after[key])} mono />
        </div>
      ))}
    </>
  );
}
