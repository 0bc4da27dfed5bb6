import { useState } from "react";
import * as format from "../../base/format";
import { store, useStore } from "../../base/store";
import { IconButton } from "../../parts/IconButton";
import { JsonView } from "../../parts/json/JsonView";
import type { Json } from "../../parts/json/json";
import { LongText } from "../../parts/text/LongText";
import { undoable } from "../../parts/Toast";
import { visibleText } from "../../parts/text/visible";
import { AnnotationChip } from "./AnnotationChip";
import { isOwn, toneOf, verdictText, type Annotation, type Config } from "./annotation";

const KINDS = { HUMAN: "person", LLM: "model", CODE: "code" } as const;

/** Ids of what was taken away and can still be kept. */
export const leavingAnnotations = store<ReadonlySet<string>>(new Set());

/** Takes an annotation or a note away at once; the server learns of it when that can no longer be undone. */
export function removeLater(what: string, id: string, commit: (keepalive: boolean) => Promise<void>): void {
  const stay = (): void => leavingAnnotations.set((old) => new Set([...old].filter((other) => other !== id)));
  leavingAnnotations.set((old) => new Set([...old, id]));
  undoable({
    message: `Deleted ${what}`,
    undo: stay,
    commit: async ({ keepalive }) => {
      await commit(keepalive);
      stay();
    },
  });
}

interface AnnotationListProps {
  readonly annotations: readonly Annotation[];
  readonly configs: readonly Config[] | undefined;
  readonly onRemove: (ids: readonly string[], keepalive?: boolean) => Promise<void>;
}

/** Everything that was said of a span or a trace, the newest first within a name. */
export function AnnotationList({ annotations, configs, onRemove }: AnnotationListProps): JSX.Element {
  const leaving = useStore(leavingAnnotations);
  const shown = annotations
    .filter((one) => !leaving.has(one.id))
    .sort((a, b) => (a.name === b.name ? Date.parse(b.updatedAt) - Date.parse(a.updatedAt) : a.name < b.name ? -1 : 1));
  return (
    <ul className="an-list">
      {shown.map((one) => (
        <Item key={one.id} annotation={one} config={configs?.find((config) => config.name === one.name)} onRemove={() => removeLater(`the annotation ${one.name}`, one.id, (keepalive) => onRemove([one.id], keepalive))} />
      ))}
    </ul>
  );
}

function Item({ annotation: one, config, onRemove }: { readonly annotation: Annotation; readonly config: Config | undefined; readonly onRemove: () => void }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const hasMetadata = typeof one.metadata === "object" && one.metadata !== null && Object.keys(one.metadata).length > 0;
  const hasMore = hasMetadata || one.identifier !== "";
  return (
    <li className="an-item">
      <div className="an-item-head">
        <AnnotationChip name={one.name} text={verdictText(one)} tone={toneOf(config, one)} verdict={one} />
        <span className="an-by" title={`Source: ${one.source === "APP" ? "this page" : "the API"}`}>{KINDS[one.annotatorKind]}</span>
        <time className="an-by" dateTime={one.updatedAt} title={format.fullTime(one.updatedAt)}>{format.ago(one.updatedAt)}</time>
        <span className="push" />
        {hasMore && <IconButton icon={isOpen ? "chevron-up" : "chevron-down"} size="s" label={isOpen ? `Less of ${one.name}` : `More of ${one.name}`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} />}
        {isOwn(one) && <IconButton icon="trash" size="s" label={`Delete ${one.name}`} onClick={onRemove} />}
      </div>
      {one.explanation !== null && one.explanation !== "" && <div className="an-words"><LongText text={one.explanation} limit={400} /></div>}
      {isOpen && (
        <dl className="facts an-words">
          {one.identifier !== "" && <div><dt>identifier</dt><dd><code>{visibleText(one.identifier)}</code></dd></div>}
          <div><dt>created</dt><dd>{format.time(one.createdAt)}</dd></div>
          {hasMetadata && <div><dt>metadata</dt><dd><JsonView value={one.metadata as Json} label={`metadata of ${one.name}`} /></dd></div>}
        </dl>
      )}
    </li>
  );
}

interface NoteListProps {
  readonly notes: readonly Annotation[];
  readonly onRemove?: (id: string, keepalive?: boolean) => Promise<void>;
}

/** Notes in the order in which they were written. */
export function NoteList({ notes, onRemove }: NoteListProps): JSX.Element {
  const leaving = useStore(leavingAnnotations);
  const shown = notes.filter((one) => !leaving.has(one.id)).sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return (
    <ul className="an-list" aria-label="Notes">
      {shown.map((one) => (
        <li key={one.id} className="an-item an-item-note">
          <div className="an-item-head">
            <span className="an-by">{KINDS[one.annotatorKind]}</span>
            <time className="an-by" dateTime={one.createdAt} title={format.fullTime(one.createdAt)}>{format.ago(one.createdAt)}</time>
            <span className="push" />
            {onRemove && one.source === "APP" && <IconButton icon="trash" size="s" label="Delete the note" onClick={() => removeLater("the note", one.id, (keepalive) => onRemove(one.id, keepalive))} />}
          </div>
          <LongText text={one.explanation ?? ""} limit={600} />
        </li>
      ))}
    </ul>
  );
}
