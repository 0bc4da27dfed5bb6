import { useEffect, useMemo, useRef, useState, type PointerEvent } from "react";
import { useTheme } from "../../../base/theme";
import { ERROR, KINDS } from "../model/columns";
import { packLanes } from "../model/lanes";
import type { TraceModel } from "../model/trace";
import { isWhole, panned, within, type Window } from "./zoom";

const HEIGHT = 38;

/** The whole trace in a strip: what ran in parallel lies one below the other. The part on display can be dragged. */
export function Minimap({ model, window, onZoom, selected }: { readonly model: TraceModel; readonly window: Window; readonly onZoom: (window: Window) => void; readonly selected: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null), box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useTheme();
  const lanes = useMemo(() => packLanes(model), [model]);
  const drag = useRef<{ readonly x: number; readonly from: number; readonly mode: "pan" | "new" } | null>(null);

  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(Math.floor(box.current?.clientWidth ?? 0)));
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => { if (canvas.current && width > 0) paint(canvas.current, model, lanes, width); }, [model, lanes, width, theme]);

  const whole = Math.max(model.duration, 1e-3);
  const time = (e: PointerEvent): number => { const r = box.current!.getBoundingClientRect(); return ((e.clientX - r.left) / r.width) * whole; };
  const down = (e: PointerEvent<HTMLDivElement>): void => {
    e.currentTarget.setPointerCapture(e.pointerId);
    const t = time(e), inside = t >= window.from && t <= window.to && !isWhole(window, whole);
    drag.current = { x: t, from: window.from, mode: inside ? "pan" : "new" };
  };
  const move = (e: PointerEvent): void => {
    const d = drag.current;
    if (!d) return;
    const t = time(e);
    if (d.mode === "pan") onZoom(panned({ from: d.from, to: d.from + window.to - window.from }, t - d.x, whole));
    else if (Math.abs(t - d.x) > whole / 200) onZoom(within({ from: Math.min(t, d.x), to: Math.max(t, d.x) }, whole));
  };
  const shade = !isWhole(window, whole);
  return (
    <div ref={box} className="tree-minimap" aria-hidden="true" onPointerDown={down} onPointerMove={move} onPointerUp={() => { drag.current = null; }} onPointerCancel={() => { drag.current = null; }} onDoubleClick={() => onZoom({ from: 0, to: whole })}>
      <canvas ref={canvas} height={HEIGHT} />
      {selected >= 0 && <span className="tree-minimap-selected" style={{ left: `${(model.start[selected]! / whole) * 100}%`, width: `max(2px, ${((model.end[selected]! - model.start[selected]!) / whole) * 100}%)` }} />}
      {shade && <><span className="tree-shade" style={{ left: 0, width: `${(window.from / whole) * 100}%` }} /><span className="tree-shade" style={{ left: `${(window.to / whole) * 100}%`, right: 0 }} /></>}
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, model: TraceModel, lanes: { readonly lane: Uint8Array; readonly count: number }, width: number): void {
  const ratio = devicePixelRatio || 1, context = canvas.getContext("2d");
  if (!context) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  context.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement), token = (name: string): string => style.getPropertyValue(name).trim();
  const colours = KINDS.map((k) => token(`--k-${k}`) || token(k === "prompt" ? "--k-chain" : k === "decision" ? "--k-guardrail" : "--k-unknown")), bad = token("--bad");
  const pitch = Math.min(6, (HEIGHT - 4) / Math.max(1, lanes.count)), height = Math.max(1, pitch - (pitch > 2.5 ? 1 : 0)), whole = Math.max(model.duration, 1e-3);
  // One pixel of a lane needs to be painted once, however many spans share it.
  const painted = new Uint8Array(lanes.count * (width + 1));
  let colour = "";
  for (const failed of [false, true]) {
    context.globalAlpha = failed ? 1 : 0.75;
    for (let i = 0; i < model.count; i++) {
      if ((model.status[i] === ERROR) !== failed) continue;
      const lane = lanes.lane[i]!, from = (model.start[i]! / whole) * width, to = (model.end[i]! / whole) * width, at = lane * (width + 1) + Math.floor(from);
      const mark = failed ? 2 : 1;
      if (to - from < 1) { if (painted[at]! >= mark) continue; painted[at] = mark; }
      // Reading a colour takes longer than painting with it.
      const next = failed ? bad : colours[model.kind[i]!] ?? bad;
      if (next !== colour) { colour = next; context.fillStyle = next; }
      context.fillRect(from, 2 + lane * pitch, Math.max(1, to - from), height);
    }
  }
}
