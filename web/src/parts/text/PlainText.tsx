import { Fragment, useMemo } from "react";
import { hasHidden, visiblePieces } from "./visible";

/** A text from outside, isolated from the direction of its surroundings, with invisible characters made visible. */
export function PlainText({ text, highlight }: { readonly text: string; readonly highlight?: string | undefined }): JSX.Element {
  const pieces = useMemo(() => (hasHidden(text) ? visiblePieces(text) : null), [text]);
  if (!pieces) return <bdi><Highlighted text={text} wanted={highlight} /></bdi>;
  return <bdi>{pieces.map((p, i) => p.code === undefined ? <Fragment key={i}><Highlighted text={p.text} wanted={highlight} /></Fragment> : <Hidden key={i} name={p.text} code={p.code} />)}</bdi>;
}

/** A short text from outside in a box of its own, such as a cell, with invisible characters made visible. */
export function VisibleText({ text }: { readonly text: string }): JSX.Element {
  if (!hasHidden(text)) return <>{text}</>;
  return <bdi>{visiblePieces(text).map((p, i) => p.code === undefined ? <Fragment key={i}>{p.text}</Fragment> : <Hidden key={i} name={p.text} code={p.code} />)}</bdi>;
}

const Hidden = ({ name, code }: { readonly name: string; readonly code: number }): JSX.Element =>
  <span className="text-hidden" title={`U+${code.toString(16).toUpperCase().padStart(4, "0")}, a character that cannot be seen`}>{name}</span>;

const MOST_MARKS = 200;

function Highlighted({ text, wanted }: { readonly text: string; readonly wanted: string | undefined }): JSX.Element {
  if (!wanted) return <>{text}</>;
  const low = text.toLowerCase(), search = wanted.toLowerCase();
  // Lower case may be longer than the text itself; places would be wrong then.
  if (low.length !== text.length || search === "") return <>{text}</>;
  const out: JSX.Element[] = [];
  let from = 0;
  for (let at = low.indexOf(search); at >= 0 && out.length < MOST_MARKS; at = low.indexOf(search, from)) {
    out.push(<Fragment key={at}>{text.slice(from, at)}<mark className="text-mark">{text.slice(at, at + search.length)}</mark></Fragment>);
    from = at + search.length;
  }
  return <>{out}{text.slice(from)}</>;
}
