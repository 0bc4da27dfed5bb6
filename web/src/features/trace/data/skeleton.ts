import { CUT_PARENT, KINDS, MISSING_PARENT, NO_PARENT, STATUSES, UNKNOWN_KIND, type SpanColumns } from "../model/columns";

const TYPES = { f64: Float64Array, i32: Int32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;
type Columns = InstanceType<(typeof TYPES)[keyof typeof TYPES]>;

interface Table {
  readonly spanCount: number;
  readonly isComplete: boolean;
  readonly startMicroseconds: number;
  readonly kinds: readonly string[];
  readonly statuses: readonly string[];
  readonly strings: readonly string[];
  readonly columns: Readonly<Record<string, { readonly type: keyof typeof TYPES; readonly offset: number; readonly length: number }>>;
}

const ORPHAN_FLAG = 1, CUT_FLAG = 2;
const MAGIC = [0x50, 0x48, 0x58, 0x54, 0x52, 0x43, 0, 1];

/** Reads the server's binary answer; its format is told in docs/trace-skeleton.md. */
export function readSkeleton(body: ArrayBuffer): SpanColumns & { readonly isComplete: boolean } {
  const bytes = new Uint8Array(body), view = new DataView(body);
  if (bytes.length < 16 || MAGIC.some((b, i) => bytes[i] !== b)) throw new Error("The server's answer is not the skeleton of a trace.");
  const base = view.getUint32(12, true);
  const table = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + view.getUint32(8, true)))) as Table;
  const n = table.spanCount;
  const column = (name: string): Columns | undefined => {
    const c = table.columns[name];
    return c && new TYPES[c.type](body, base + c.offset, c.length);
  };
  const floats = (name: string, unit = 1, missing = NaN): Float64Array => {
    const from = column(name), out = new Float64Array(n);
    for (let i = 0; i < n; i++) { const v = from?.[i] ?? missing; out[i] = v === missing ? NaN : v / unit; }
    return out;
  };
  const numbered = (name: string, words: readonly string[], known: readonly string[], otherwise: number): Uint8Array => {
    const places = words.map((w) => { const k = known.indexOf(w); return k < 0 ? otherwise : k; }), from = column(name);
    return Uint8Array.from({ length: n }, (_, i) => places[from?.[i] ?? -1] ?? otherwise);
  };
  const flags = column("flags"), parents = column("parent");
  const rowId = column("rowId"), name = column("name"), model = column("model"), idEnd = column("idEnd"), id = column("id");
  const hash = (of: string): Uint32Array | undefined => { const c = column(of); return c instanceof Uint32Array ? c : undefined; };
  const inputHash = hash("inputHash"), outputHash = hash("outputHash"), callHash = hash("callHash");
  return {
    count: n, startTime: table.startMicroseconds / 1000, isComplete: table.isComplete,
    nodeId: (i) => btoa(`Span:${rowId?.[i] ?? 0}`), find: (nodeId) => { const row = rowOfNode(nodeId); return row < 0 || !rowId ? -1 : rowId.indexOf(row); },
    spanId: (i) => Array.from(id?.subarray(i > 0 ? idEnd?.[i - 1] ?? 0 : 0, idEnd?.[i] ?? 0) ?? [], (b) => b.toString(16).padStart(2, "0")).join(""),
    name: (i) => table.strings[name?.[i] ?? -1] ?? "",
    model: (i) => table.strings[model?.[i] ?? -1],
    parent: Int32Array.from({ length: n }, (_, i) => { const p = parents?.[i] ?? -1; const f = flags?.[i] ?? 0; return p >= 0 ? p : (f & CUT_FLAG) !== 0 ? CUT_PARENT : (f & ORPHAN_FLAG) !== 0 ? MISSING_PARENT : NO_PARENT; }),
    kind: numbered("kind", table.kinds, KINDS, UNKNOWN_KIND),
    status: numbered("status", table.statuses, STATUSES, STATUSES.indexOf("UNSET")),
    start: floats("start", 1000), duration: floats("duration", 1000),
    promptTokens: floats("promptTokens", 1, -1), completionTokens: floats("completionTokens", 1, -1), cost: floats("cost"),
    ...(inputHash ? { inputHash } : {}), ...(outputHash ? { outputHash } : {}), ...(callHash ? { callHash } : {}),
  };
}

/** The row in a node id, which is the Base64 of `Span:<row>`. */
function rowOfNode(nodeId: string): number {
  try { return Number(/^Span:(\d+)$/.exec(atob(nodeId))?.[1] ?? -1); } catch { return -1; }
}
