import { url } from "../../base/boot";

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string, type = "application/json"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  save(address, name.replace(/[^\w.-]+/g, "_"));
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** All spans of a trace as one file, which the server streams. */
export function downloadTrace(projectId: string, traceId: string, format: "jsonl" | "otlp"): void {
  save(url(`/v1/projects/${encodeURIComponent(projectId)}/spans/export?format=${format}&trace_id=${encodeURIComponent(traceId)}`), `trace-${traceId}.${format === "otlp" ? "otlp.json" : "jsonl"}`);
}

/** One span as OTLP JSON. */
export function downloadSpan(projectId: string, spanId: string): void {
  save(url(`/v1/projects/${encodeURIComponent(projectId)}/spans/export?format=otlp&span_id=${encodeURIComponent(spanId)}`), `span-${spanId}.otlp.json`);
}

function save(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
