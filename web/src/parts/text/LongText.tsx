import { useMemo, useState } from "react";
import { chunks, cut, textSize } from "./chunks";
import { PlainText } from "./PlainText";

const CHUNK = 16_384;

/**
 * A text of any length: cut at `limit` until asked for in full. In full it is drawn in pieces that the browser lays out
 * only when they come into view.
 */
export function LongText({ text, limit = 4000, mono = false, highlight }: { readonly text: string; readonly limit?: number; readonly mono?: boolean; readonly highlight?: string | undefined }): JSX.Element {
  const [full, setFull] = useState(false);
  const cutOff = !full && text.length > limit * 1.2;
  const shown = cutOff ? cut(text, limit) : text;
  const pieces = useMemo(() => (shown.length > CHUNK * 1.5 ? chunks(shown, CHUNK) : null), [shown]);
  return (
    <div className={mono ? "text text-mono" : "text"} dir="auto">
      {pieces ? pieces.map((p, i) => <div key={i} className="text-piece"><PlainText text={p.endsWith("\n") ? p.slice(0, -1) : p} highlight={highlight} /></div>) : <PlainText text={shown} highlight={highlight} />}
      {cutOff && "…"}
      {text.length > limit * 1.2 && (
        <button type="button" className="text-more" onClick={() => setFull(!full)}>{full ? "Show less" : `Show all ${textSize(text)}`}</button>
      )}
    </div>
  );
}
