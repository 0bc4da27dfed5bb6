import { useMemo, useState } from "react";
import { diffTexts, type Piece } from "./diffTexts";
import { LongText } from "./LongText";
import { PlainText } from "./PlainText";

/** Two texts in one, with what was taken out and what was put in marked; long stretches without a change are folded. */
export function TextDiff({ left, right, mono = false }: { readonly left: string; readonly right: string; readonly mono?: boolean }): JSX.Element {
  const pieces = useMemo(() => diffTexts(left, right), [left, right]);
  if (pieces.every((p) => p.kind === "same")) return <p className="diff-equal">No difference.</p>;
  return <div className={mono ? "text diff text-mono" : "text diff"} dir="auto">{pieces.map((p, i) => <DiffPiece key={i} piece={p} first={i === 0} last={i === pieces.length - 1} />)}</div>;
}

const CONTEXT = 240;

function DiffPiece({ piece, first, last }: { readonly piece: Piece; readonly first: boolean; readonly last: boolean }): JSX.Element {
  const [open, setOpen] = useState(false);
  const { text } = piece;
  if (piece.kind !== "same") {
    const body = text.length > 20_000 ? <LongText text={text} limit={4000} /> : <PlainText text={text} />;
    return piece.kind === "left" ? <del className="diff-left">{body}</del> : <ins className="diff-right">{body}</ins>;
  }
  if (open || text.length < 4 * CONTEXT) return <PlainText text={text} />;
  const head = first ? "" : text.slice(0, CONTEXT), tail = last ? "" : text.slice(-CONTEXT), lines = text.split("\n").length - 1;
  return <>{head && <PlainText text={head} />}<button type="button" className="diff-fold" onClick={() => setOpen(true)}>{lines > 3 ? `${lines} lines` : `${text.length} characters`} without a difference</button>{tail && <PlainText text={tail} />}</>;
}
