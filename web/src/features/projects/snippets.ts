export type Language = "python" | "typescript" | "swift" | "curl";

export interface Snippet {
  readonly language: Language;
  readonly label: string;
  /** What to install before. */
  readonly install?: string;
  readonly code: string;
}

/** Programs that send one span, complete as they stand. */
export function snippets(server: string, project: string): readonly Snippet[] {
  const endpoint = `${server.replace(/\/+$/, "")}/v1/traces`;
  const name = JSON.stringify(project);
  return [
    {
      language: "python",
      label: "Python",
      install: "pip install arize-phoenix-otel",
      code: `from phoenix.otel import register

provider = register(project_name=${name}, endpoint=${JSON.stringify(endpoint)})
tracer = provider.get_tracer("first-steps")

with tracer.start_as_current_span("answer") as span:
    span.set_attribute("openinference.span.kind", "CHAIN")
    span.set_attribute("input.value", "Is anybody there?")
    span.set_attribute("output.value", "Yes: your first trace.")

provider.force_flush()
`,
    },
    {
      language: "typescript",
      label: "TypeScript",
      install: "npm install @opentelemetry/sdk-trace-node @opentelemetry/resources @opentelemetry/exporter-trace-otlp-proto",
      code: `// first.mjs, run by: node first.mjs
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ "openinference.project.name": ${name} }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: ${JSON.stringify(endpoint)} }))],
});

const span = provider.getTracer("first-steps").startSpan("answer");
span.setAttributes({
  "openinference.span.kind": "CHAIN",
  "input.value": "Is anybody there?",
  "output.value": "Yes: your first trace.",
});
span.end();

await provider.shutdown();
`,
    },
    {
      language: "swift",
      label: "Swift",
      code: `// main.swift, run by: swift main.swift
import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

func digits(_ count: Int) -> String {
    String((0..<count).map { _ in "0123456789abcdef".randomElement()! })
}
func attribute(_ key: String, _ value: String) -> [String: Any] {
    ["key": key, "value": ["stringValue": value]]
}

let now = UInt64(Date().timeIntervalSince1970 * 1_000_000_000)
let span: [String: Any] = [
    "traceId": digits(32), "spanId": digits(16), "name": "answer",
    "startTimeUnixNano": String(now - 250_000_000), "endTimeUnixNano": String(now),
    "attributes": [
        attribute("openinference.span.kind", "CHAIN"),
        attribute("input.value", "Is anybody there?"),
        attribute("output.value", "Yes: your first trace."),
    ],
]
let export: [String: Any] = [
    "resourceSpans": [[
        "resource": ["attributes": [attribute("openinference.project.name", ${name})]],
        "scopeSpans": [["spans": [span]]],
    ]]
]

var request = URLRequest(url: URL(string: ${JSON.stringify(endpoint)})!)
request.httpMethod = "POST"
request.setValue("application/json", forHTTPHeaderField: "content-type")
request.httpBody = try JSONSerialization.data(withJSONObject: export)
let (_, response) = try await URLSession.shared.data(for: request)
print((response as! HTTPURLResponse).statusCode)
`,
    },
    {
      language: "curl",
      label: "curl",
      code: `now=$(($(date +%s) - 1))
curl ${shell(endpoint)} -H 'content-type: application/json' -d '{
  "resourceSpans": [{
    "resource": {"attributes": [
      {"key": "openinference.project.name", "value": {"stringValue": ${shellInside(name)}}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "'$(openssl rand -hex 16)'", "spanId": "'$(openssl rand -hex 8)'",
      "name": "answer", "startTimeUnixNano": "'$now'000000000", "endTimeUnixNano": "'$now'250000000",
      "attributes": [
        {"key": "openinference.span.kind", "value": {"stringValue": "CHAIN"}},
        {"key": "input.value", "value": {"stringValue": "Is anybody there?"}},
        {"key": "output.value", "value": {"stringValue": "Yes: your first trace."}}]
    }]}]
  }]
}'
`,
    },
  ];
}

const shellInside = (text: string): string => text.replaceAll("'", "'\\''");
const shell = (text: string): string => (/^[\w:/.-]+$/.test(text) ? text : `'${shellInside(text)}'`);
