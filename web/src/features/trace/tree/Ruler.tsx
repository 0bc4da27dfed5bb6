import { useRef, useState, type PointerEvent } from "react";
import { useSize } from "../../../parts/charts/useSize";
import { timeMarks, tickText } from "./tickText";
import { isWhole, type Window } from "./zoom";

/** The scale of time above the bars; dragging over it zooms. */
export function Ruler({ window, whole, onZoom }: { readonly window: Window; readonly whole: number; readonly onZoom: (window: Window) => void }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Window | null>(null);
  const width = window.to - window.from;
  const share = (t: number): number => ((t - window.from) / width) * 100;
  const at = (e: PointerEvent): number => { const r = box.current!.getBoundingClientRect(); return window.from + Math.min(1, Math.max(0, (e.clientX - r.left) / r.width)) * width; };
  const { times, step } = timeMarks(window.from, window.to, useSize(box).width);
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
      {times.map((t) => <span key={t} className={t === window.to ? "tree-tick tree-tick-end" : "tree-tick"} style={t === window.to ? undefined : { left: `${share(t)}%` }}>{tickText(t, step, window.to)}</span>)}
      {drag && <span className="tree-brush" style={{ left: `${share(Math.min(drag.from, drag.to))}%`, width: `${Math.abs(share(drag.to) - share(drag.from))}%` }} />}
    </div>
  );
}
