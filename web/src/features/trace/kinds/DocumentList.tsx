import { useState, type ReactNode } from "react";
import { score } from "../../../base/format";
import { JsonView } from "../../../parts/json/JsonView";
import { PlainText } from "../../../parts/text/PlainText";
import { Content } from "../detail/Content";
import { asText } from "../model/attributes";
import type { RankedDocument } from "../model/documents";

const PAGE = 30;

interface DocumentListProps {
  readonly documents: readonly RankedDocument[];
  readonly highlight: string | undefined;
  readonly isRanked?: boolean;
  /** What stands below a document, by its place in the list. */
  readonly foot?: (index: number) => ReactNode;
}

/** Documents with their rank and score; with `isRanked` also how far each moved. */
export function DocumentList({ documents, highlight, isRanked = false, foot }: DocumentListProps): JSX.Element {
  const [shown, setShown] = useState(PAGE);
  const scores = documents.flatMap((d) => (d.document.score !== undefined ? [d.document.score] : [])), most = Math.max(0, ...scores.slice(0, 10_000)), least = Math.min(0, ...scores.slice(0, 10_000));
  return (
    <ol className="documents">
      {documents.slice(0, shown).map((d, i) => <DocumentRow key={i} item={d} highlight={highlight} isRanked={isRanked} share={d.document.score === undefined || most === least ? undefined : (d.document.score - least) / (most - least)}>{foot?.(i)}</DocumentRow>)}
      {shown < documents.length && <li><button type="button" className="text-more" onClick={() => setShown(shown * 4)}>Show more of {documents.length}</button></li>}
    </ol>
  );
}

function DocumentRow({ item, highlight, isRanked, share, children }: { readonly item: RankedDocument; readonly highlight: string | undefined; readonly isRanked: boolean; readonly share: number | undefined; readonly children: ReactNode }): JSX.Element {
  const { document: d, before, after } = item, entries = Object.entries(d.metadata);
  const title = asText(d.metadata["title"] ?? d.metadata["source"] ?? d.metadata["file_name"]).slice(0, 200);
  return (
    <li className={after === undefined ? "document document-dropped" : "document"}>
      <div className="document-rank">
        <b>{after === undefined ? "–" : after + 1}</b>
        {isRanked && <Move before={before} after={after} />}
      </div>
      <div className="document-main">
        <div className="document-head">
          {title && <strong><PlainText text={title} /></strong>}
          {d.id !== undefined && <span className="document-id"><PlainText text={d.id.slice(0, 120)} /></span>}
          <span className="push" />
          {d.score !== undefined && <span className="document-score" title={`Score ${d.score}`}>{share !== undefined && <meter min={0} max={1} value={share} aria-label="Score beside the others" />}{score(d.score)}</span>}
        </div>
        {d.content === "" ? <p className="span-none">No content.</p> : <Content text={d.content} highlight={highlight} limit={700} />}
        {entries.length > 0 && (
          <details className="document-metadata">
            <summary>{entries.slice(0, 4).map(([k, v]) => <span key={k}><span className="dim">{k}</span> <PlainText text={asText(v).slice(0, 60)} /></span>)}{entries.length > 4 && <span className="dim">+{entries.length - 4}</span>}</summary>
            <JsonView value={d.metadata} label="metadata of the document" />
          </details>
        )}
        {children}
      </div>
    </li>
  );
}

function Move({ before, after }: { readonly before: number | undefined; readonly after: number | undefined }): JSX.Element {
  if (after === undefined) return <span className="move move-down" title={`Was ${before! + 1}, not among the results`}>from {before! + 1}</span>;
  if (before === undefined) return <span className="move" title="Not among the documents that came in">new</span>;
  const by = before - after;
  return by === 0 ? <span className="move" title="Same rank as before">=</span> : <span className={by > 0 ? "move move-up" : "move move-down"} title={`Was ${before + 1}`}><span aria-hidden="true">{by > 0 ? "▲" : "▼"}</span><span className="sr">{by > 0 ? "up" : "down"} </span>{Math.abs(by)}</span>;
}
