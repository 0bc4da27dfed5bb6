import { useRef, useState, type PointerEvent } from "react";
import { useSize } from "../../../parts/charts/useSize";
import { tickText, timeTicks } from "./tickText";
import { isWhole, type Window } from "./zoom";

/** Times are marked so many pixels apart or further: the texts beside the marks are narrower. */
const APART = 64;

/** The scale of time above the bars; dragging over it zooms. */
export function Ruler({ window, whole, onZoom }: { readonly window: Window; readonly whole: number; readonly onZoom: (window: Window) => void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Window | null>(null);
  const width = window.to - window.from;
  const share = (t: number): number => ((t - window.from) / width) * 100;
  const at = (e: PointerEvent): number => { const r = box.current!.getBoundingClientRect(); return window.from + Math.min(1, Math.max(0, (e.clientX - r.left) / r.width)) * width; };
  const count = Math.max(1, Math.min(5, Math.floor(useSize(box).width / APART)));
  const marks = timeTicks(window.from, window.to, count), step = (marks[1] ?? 0) - (marks[0] ?? 0);
  const end = (): void => {
    if (drag) { const from = Math.min(drag.from, drag.to), to = Math.max(drag.from, drag.to); if (to - from > width / 150) onZoom({ from, to }); }
    setDrag(null);
  };
  return (
    <div
      ref={box} className="tree-ruler" title={isWhole(window, whole) ? "Drag to zoom" : "Drag to zoom further; 0 shows all"} aria-hidden="true"
      onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); const t = at(e); setDrag({ from: t, to: t }); }}
      onPointerMove={(e) => { if (drag) setDrag({ from: drag.from, to: at(e) }); }} onPointerUp={end} onPointerCancel={() => setDrag(null)}
    >
      {marks.filter((t) => share(t) < 92).map((t) => <span key={t} className="tree-tick" style={{ left: `${share(t)}%` }}>{tickText(t, step, window.to)}</span>)}
      {drag && <span className="tree-brush" style={{ left: `${share(Math.min(drag.from, drag.to))}%`, width: `${Math.abs(share(drag.to) - share(drag.from))}%` }} />}
    </div>
  );
}
