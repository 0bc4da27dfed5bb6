import { ask } from "../../../base/graphql";

export type DownloadFormat = "jsonl" | "otlp";

interface DownloadWish {
  readonly projectName: string;
  readonly projectId: string;
  readonly format: DownloadFormat;
  /** OpenTelemetry ids. */
  readonly spanIds?: readonly string[];
  readonly traceIds?: readonly string[];
}

const PAGE = 1000;
/** So many ids go into one address. */
const IDS_MAX = 80;

interface SpansAnswer {
  readonly data: readonly unknown[];
  readonly next_cursor: string | null;
}

/** Fetches the spans of a choice, page by page, and saves them as one file. */
export async function downloadSpans(wish: DownloadWish): Promise<void> {
  const ids = wish.spanIds ?? wish.traceIds ?? [];
  const parameter = wish.spanIds ? "span_id" : "trace_id";
  const path = `/v1/projects/${encodeURIComponent(wish.projectId)}/spans${wish.format === "otlp" ? "/otlpv1" : ""}`;
  const spans: unknown[] = [];
  for (let from = 0; from < ids.length; from += IDS_MAX) {
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(PAGE) });
      for (const id of ids.slice(from, from + IDS_MAX)) query.append(parameter, id);
      if (cursor !== null) query.set("cursor", cursor);
      const answer = await ask(`${path}?${query}`);
      if (!answer.ok) throw new Error(`The spans could not be read: the server answered ${answer.status}.`);
      const page = (await answer.json()) as SpansAnswer;
      spans.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
  const stem = `${wish.projectName.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "project"}-${wish.spanIds ? "spans" : "traces"}`;
  if (wish.format === "jsonl") save(`${stem}.jsonl`, spans.map((span) => `${JSON.stringify(span)}\n`).join(""), "application/x-ndjson");
  else save(`${stem}.otlp.json`, JSON.stringify(otlpRequest(spans)), "application/json");
}

/** An export request as OTLP/HTTP takes it, so that the file can be sent to any collector. */
export function otlpRequest(spans: readonly unknown[]): unknown {
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: {}, spans }] }] };
}

function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
