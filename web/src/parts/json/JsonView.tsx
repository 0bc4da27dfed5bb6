import { memo, useMemo, useState, type ReactNode } from "react";
import { LongText } from "../text/LongText";
import { PlainText } from "../text/PlainText";
import { findInJson, pathText, type Found } from "./find";
import { jsonText, type Json } from "./json";

const PAGE = 100;
const DEEPEST_INDENT = 20;

/**
 * A JSON value as a tree one can open. However large the value is, only what is open is drawn, and of a long list or object
 * a hundred entries until more are asked for.
 */
export function JsonView({ value, label, openTo = 2, searchable = false, actions }: { readonly value: Json; readonly label: string; readonly openTo?: number; readonly searchable?: boolean; readonly actions?: ReactNode }): JSX.Element {
  const [wanted, setWanted] = useState("");
  const found = useMemo(() => (wanted.trim() === "" ? null : findInJson(value, wanted.trim(), PAGE * 2)), [value, wanted]);
  return (
    <div className="json" role="group" aria-label={label}>
      {(searchable || actions) && (
        <div className="json-bar">
          {searchable && <input className="json-search" type="search" value={wanted} onChange={(e) => setWanted(e.target.value)} placeholder="Find a key or a value" aria-label={`Find in ${label}`} onKeyDown={(e) => { if (e.key === "Escape" && wanted !== "") { e.stopPropagation(); setWanted(""); } }} />}
          {actions}
        </div>
      )}
      {found ? <Results found={found} wanted={wanted.trim()} /> : <Node value={value} depth={0} openTo={openTo} />}
    </div>
  );
}

function Results({ found, wanted }: { readonly found: { readonly list: readonly Found[]; readonly more: boolean }; readonly wanted: string }): JSX.Element {
  if (found.list.length === 0) return <p className="json-none" role="status">Nothing has “{wanted}”.</p>;
  return (
    <div className="json-results">
      <p className="json-count" role="status">{found.more ? `The first ${found.list.length} places` : found.list.length === 1 ? "1 place" : `${found.list.length} places`}</p>
      {found.list.map((f, i) => (
        <div key={i} className="json-result">
          <div className="json-path"><PlainText text={pathText(f.path)} highlight={wanted} /></div>
          <div className="json-line"><Leaf value={f.value} highlight={wanted} /></div>
        </div>
      ))}
    </div>
  );
}

const Node = memo(function Node({ name, value, depth, openTo }: { readonly name?: string | number; readonly value: Json; readonly depth: number; readonly openTo: number }): JSX.Element {
  const [open, setOpen] = useState(depth < openTo);
  const [shown, setShown] = useState(PAGE);
  const key = name === undefined ? null : <><span className={typeof name === "number" ? "json-index" : "json-key"}><PlainText text={String(name)} /></span><span className="json-mark">: </span></>;
  if (typeof value !== "object" || value === null) return <div className="json-line">{key}<Leaf value={value} /></div>;
  const isList = Array.isArray(value), keys = isList ? null : Object.keys(value), count = isList ? value.length : keys!.length;
  const [begin, end] = isList ? ["[", "]"] : ["{", "}"];
  if (count === 0) return <div className="json-line">{key}<span className="json-mark">{begin}{end}</span></div>;
  const last = Math.min(shown, count);
  return (
    <div className="json-node">
      <button type="button" className="json-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="json-twisty" aria-hidden="true" />{key}<span className="json-mark">{begin}{!open && <> {count} {isList ? (count === 1 ? "item" : "items") : count === 1 ? "key" : "keys"} {end}</>}</span>
      </button>
      {open && (
        <>
          <div className={depth < DEEPEST_INDENT ? "json-below" : "json-below json-flat"}>
            {Array.from({ length: last }, (_, i) => {
              const k = isList ? i : keys![i]!;
              return <Node key={k} name={k} value={(value as { readonly [k: string]: Json })[k]!} depth={depth + 1} openTo={openTo} />;
            })}
            {last < count && <button type="button" className="text-more" onClick={() => setShown(shown + Math.max(PAGE, shown))}>Show {Math.min(count - last, Math.max(PAGE, shown)).toLocaleString("en-US")} more of {count.toLocaleString("en-US")}</button>}
          </div>
          <div className="json-line json-mark">{end}</div>
        </>
      )}
    </div>
  );
});

function Leaf({ value, highlight }: { readonly value: Json; readonly highlight?: string }): JSX.Element {
  if (typeof value === "string") {
    return <span className="json-string">{value.length > 600 || value.includes("\n") ? <LongText text={value} limit={600} highlight={highlight} /> : <>"<PlainText text={value} highlight={highlight} />"</>}</span>;
  }
  if (typeof value === "object" && value !== null) return <span className="json-mark">{Array.isArray(value) ? `[ ${value.length} items ]` : `{ ${Object.keys(value).length} keys }`}</span>;
  return <span className={value === null ? "json-null" : typeof value === "number" || typeof value === "bigint" ? "json-number" : "json-boolean"}>{value === null ? "null" : jsonText(value)}</span>;
}
