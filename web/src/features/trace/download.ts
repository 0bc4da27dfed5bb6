import { ask } from "../../base/graphql";
import { toast } from "../../parts/Toast";

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string | Blob, type = "application/json"): void {
  const address = URL.createObjectURL(typeof text === "string" ? new Blob([text], { type }) : text);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^\w.-]+/g, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const PAGE = 1000;

/** All spans of a trace as one file: as the REST API lists them, or as OTLP JSON. */
export function downloadTrace(projectId: string, traceId: string, format: "json" | "otlp"): void {
  void (async () => {
    const spans: unknown[] = [], resources: unknown[] = [];
    let cursor: string | null = null;
    try {
      do {
        const route = format === "otlp" ? "spans/otlpv1" : "spans";
        const answer: Response = await ask(`/v1/projects/${encodeURIComponent(projectId)}/${route}?trace_id=${encodeURIComponent(traceId)}&limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
        if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
        const page = (await answer.json()) as { readonly data: readonly unknown[]; readonly next_cursor: string | null };
        (format === "otlp" ? resources : spans).push(...page.data);
        cursor = page.next_cursor;
      } while (cursor);
      saveFile(`trace-${traceId}.${format === "otlp" ? "otlp.json" : "json"}`, JSON.stringify(format === "otlp" ? { resourceSpans: [{ scopeSpans: [{ spans: resources }] }] } : spans, null, 2));
    } catch (failure) {
      toast({ message: `The trace was not downloaded. ${failure instanceof Error ? failure.message : String(failure)}`, tone: "bad" });
    }
  })();
}
