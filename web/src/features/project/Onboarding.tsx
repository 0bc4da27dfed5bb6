import { useState } from "react";
import { root } from "../../base/boot";
import { CopyButton } from "../../parts/CopyButton";
import { Segmented } from "../../parts/Segmented";

type Way = "python" | "typescript" | "curl";

const address = (): string => new URL(root, location.href).href.replace(/\/$/u, "");

const SNIPPETS: Readonly<Record<Way, (name: string) => string>> = {
  python: (name) => `pip install arize-phoenix-otel openinference-instrumentation-openai

from phoenix.otel import register

register(
    project_name=${JSON.stringify(name)},
    endpoint="${address()}/v1/traces",
    auto_instrument=True,
)`,
  typescript: (name) => `npm install @arizeai/phoenix-otel

import { register } from "@arizeai/phoenix-otel";

register({
  projectName: ${JSON.stringify(name)},
  url: "${address()}",
});`,
  curl: (name) => `now=$(date +%s)000000000
curl ${address()}/v1/traces -H 'content-type: application/json' -d '{
  "resourceSpans": [{
    "resource": {"attributes": [
      {"key": "openinference.project.name", "value": {"stringValue": ${JSON.stringify(name)}}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "'$(openssl rand -hex 16)'", "spanId": "'$(openssl rand -hex 8)'",
      "name": "hello", "kind": 1,
      "startTimeUnixNano": "'$now'", "endTimeUnixNano": "'$now'",
      "attributes": [
        {"key": "openinference.span.kind", "value": {"stringValue": "CHAIN"}},
        {"key": "input.value", "value": {"stringValue": "Hello"}}]}]}]}]}'`,
};

/** Says how the first span of a project gets here. The page shows it as soon as it is there. */
export function Onboarding({ projectName }: { readonly projectName: string }): JSX.Element {
  const [way, setWay] = useState<Way>("python");
  const text = SNIPPETS[way](projectName);
  return (
    <section className="ob" aria-label="First span">
      <h2>Waiting for the first span</h2>
      <p className="dim">Send OpenTelemetry traces to this server. They appear here as soon as they arrive.</p>
      <Segmented
        label="Way"
        size="s"
        value={way}
        onChange={setWay}
        options={[{ value: "python", label: "Python" }, { value: "typescript", label: "TypeScript" }, { value: "curl", label: "curl" }]}
      />
      <div className="ob-code">
        <pre>{text}</pre>
        <CopyButton text={text} label="Copy" />
      </div>
    </section>
  );
}
