import { url } from "../../../base/boot";
import { ask } from "../../../base/graphql";
import type { TimeRange } from "../../../base/timerange";

export type DownloadFormat = "jsonl" | "otlp";

/** Which spans a file shall have. Ids are those of OpenTelemetry. */
export interface DownloadWish {
  readonly projectId: string;
  readonly projectName: string;
  readonly format: DownloadFormat;
  readonly spanIds?: readonly string[];
  readonly traceIds?: readonly string[];
  readonly filter?: string;
  readonly traceFilter?: string;
  readonly range?: TimeRange;
}

/** So many ids fit into one address. */
const IDS_MAX = 100;

export function exportPath(wish: DownloadWish): string {
  const query = new URLSearchParams({ format: wish.format });
  for (const id of wish.spanIds ?? []) query.append("span_id", id);
  for (const id of wish.traceIds ?? []) query.append("trace_id", id);
  if (wish.filter) query.set("filter", wish.filter);
  if (wish.traceFilter) query.set("trace_filter", wish.traceFilter);
  if (wish.range?.start) query.set("start_time", wish.range.start);
  if (wish.range?.end) query.set("end_time", wish.range.end);
  return `/v1/projects/${encodeURIComponent(wish.projectId)}/spans/export?${query}`;
}

/** Saves spans as a file. The browser streams it to the disk, unless the ids are too many for one address: then parts are joined here. */
export async function download(wish: DownloadWish): Promise<void> {
  const ids = wish.spanIds ?? wish.traceIds ?? [];
  if (ids.length <= IDS_MAX) {
    save(url(exportPath(wish)), "");
    return;
  }
  const key = wish.spanIds ? "spanIds" : "traceIds";
  const parts: string[] = [];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    const answer = await ask(exportPath({ ...wish, [key]: ids.slice(from, from + IDS_MAX) }));
    if (!answer.ok) throw new Error(`The spans could not be read: the server answered ${answer.status}.`);
    parts.push(await answer.text());
  }
  const stem = wish.projectName.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "project";
  const isLines = wish.format === "jsonl";
  const address = URL.createObjectURL(new Blob([isLines ? parts.join("") : joinOTLP(parts)], { type: isLines ? "application/x-ndjson" : "application/json" }));
  save(address, isLines ? `${stem}.jsonl` : `${stem}.otlp.json`);
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** One export request out of several. */
export function joinOTLP(documents: readonly string[]): string {
  const all = documents.flatMap((text) => (JSON.parse(text) as { readonly resourceSpans?: readonly unknown[] }).resourceSpans ?? []);
  return JSON.stringify({ resourceSpans: all });
}

function save(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
