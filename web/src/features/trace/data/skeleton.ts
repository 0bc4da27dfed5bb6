import { KINDS, UNKNOWN_KIND, type SpanColumns } from "../model/columns";
import { instant } from "./instant";

const MAGIC = "PHXSK001";

interface Header {
  readonly count: number;
  readonly startTime: string;
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, readonly [type: string, offset: number]>>;
}

/** The spans of a trace from the server's binary answer: a header in JSON, then one little-endian array a column. */
export function readSkeleton(body: ArrayBuffer): SpanColumns {
  const bytes = new Uint8Array(body), view = new DataView(body);
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) throw new Error("The server's answer is not a trace.");
  const length = view.getUint32(8, true), begin = Math.ceil((12 + length) / 8) * 8;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, 12 + length))) as Header;
  const n = header.count;
  const offset = (name: string): number | undefined => { const at = header.columns[name]?.[1]; return at === undefined ? undefined : begin + at; };
  const f64 = (name: string): Float64Array => { const at = offset(name); return at === undefined ? new Float64Array(n).fill(NaN) : new Float64Array(body, at, n); };
  const u32 = (name: string): Uint32Array | undefined => { const at = offset(name); return at === undefined ? undefined : new Uint32Array(body, at, n); };
  const u8 = (name: string): Uint8Array => { const at = offset(name); return at === undefined ? new Uint8Array(n) : new Uint8Array(body, at, n); };
  const rowid = f64("rowid"), name = u32("name") ?? new Uint32Array(n), spanIds = offset("spanId") ?? 0;
  const startTime = instant(header.startTime);
  const parentAt = offset("parent");
  const hashes = { inputHash: u32("inputHash"), outputHash: u32("outputHash"), toolsHash: u32("toolsHash") };
  return {
    count: n, startTime: Number.isFinite(startTime) ? startTime : 0,
    nodeId: (i) => btoa(`Span:${rowid[i]}`),
    spanId: (i) => Array.from(bytes.subarray(spanIds + i * 8, spanIds + i * 8 + 8), (b) => b.toString(16).padStart(2, "0")).join(""),
    name: (i) => header.names[name[i]!] ?? "",
    parent: parentAt === undefined ? new Int32Array(n).fill(-1) : new Int32Array(body, parentAt, n),
    kind: u8("kind").map((k) => (k < KINDS.length ? k : UNKNOWN_KIND)),
    status: u8("status"), start: f64("start"), duration: f64("duration"),
    promptTokens: f64("promptTokens"), completionTokens: f64("completionTokens"), cost: f64("cost"),
    ...(hashes.inputHash ? { inputHash: hashes.inputHash } : {}), ...(hashes.outputHash ? { outputHash: hashes.outputHash } : {}), ...(hashes.toolsHash ? { toolsHash: hashes.toolsHash } : {}),
  };
}
