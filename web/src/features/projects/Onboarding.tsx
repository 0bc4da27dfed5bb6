import { Suspense, useRef, useState } from "react";
import { root } from "../../base/boot";
import { fetchQuery, invalidate } from "../../base/cache";
import { plural } from "../../base/format";
import { lazily } from "../../base/lazily";
import { useLive } from "../../base/live";
import { places } from "../../base/places";
import { isOneOf, preference, usePreference } from "../../base/preferences";
import { here, navigate } from "../../base/router";
import { NewestTrace, PaletteNode, PaletteProjects } from "../../generated/graphql";
import { CopyButton } from "../../parts/CopyButton";
import { ErrorBoundary } from "../../parts/ErrorBoundary";
import { Icon } from "../../parts/Icon";
import { Spinner } from "../../parts/Spinner";
import { Tabs } from "../../parts/Tabs";
import { visibleText } from "../../parts/text/visible";
import { snippets, type Language } from "./snippets";

const CodeEditor = lazily(() => import("../../parts/CodeEditor"));
const SYNTAX: Readonly<Record<Language, string>> = { python: "python", typescript: "typescript", swift: "swift", curl: "shell" };

const language = preference<Language>("language", "python", isOneOf("python", "typescript", "swift", "curl"));

export interface OnboardingProps {
  /** The project that is to be filled; any without. */
  readonly project?: { readonly id: string; readonly name: string };
}

/** How to send a first trace here, in four languages; waits for it and goes to it. */
export function Onboarding({ project }: OnboardingProps): JSX.Element {
  const [chosen, setChosen] = usePreference(language);
  const all = snippets(location.origin + root, project?.name ?? "default");
  const shown = all.find((s) => s.language === chosen) ?? all[0];
  return (
    <div className="onboarding">
      <h2>{project ? `Send a first trace to ${visibleText(project.name)}` : "Send your first trace"}</h2>
      <p className="dim">Run this where it can reach the server. The trace opens here by itself as soon as it arrives.</p>
      <div className="onboarding-code">
        <Tabs label="Language" tabs={all.map((s) => ({ id: s.language, label: s.label }))} current={chosen} onChange={setChosen} size="s" />
        {shown?.install && <Code text={shown.install} syntax="shell" label="Command" />}
        {shown && <Code text={shown.code} syntax={SYNTAX[shown.language]} label="Program" />}
      </div>
      <p className="dim">
        Anything that speaks OpenTelemetry works: send OTLP to <code>{`${location.origin}${root}v1/traces`}</code>. The project is named by the resource attribute{" "}
        <code>openinference.project.name</code>.
      </p>
      <Waiting {...(project ? { project: project.id } : {})} />
    </div>
  );
}

function Code({ text, syntax, label }: { text: string; syntax: string; label: string }): JSX.Element {
  const plain = (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
  return (
    <div className="onboarding-block">
      <ErrorBoundary fallback={plain}>
        <Suspense fallback={plain}>
          <CodeEditor label={label} value={text.trimEnd()} language={syntax} />
        </Suspense>
      </ErrorBoundary>
      <CopyButton key={text} text={text} label={`Copy the ${label.toLowerCase()}`} />
    </div>
  );
}

function Waiting({ project }: { project?: string }): JSX.Element {
  const [arrived, setArrived] = useState(0);
  const isOpening = useRef(false);
  /** Goes to what `find` finds; when that is nothing, waits on. */
  const openWhat = async (find: () => Promise<string | undefined>, spanCount: number): Promise<void> => {
    if (isOpening.current) return;
    isOpening.current = true;
    const from = here().path;
    setArrived(spanCount);
    const to = await find().catch(() => undefined);
    isOpening.current = false;
    setArrived(0);
    if (!to) return;
    invalidate();
    if (here().path === from) navigate(to);
  };
  useLive((event) => {
    if (event.type === "reset") void openWhat(() => newestTrace(project), 0);
    else if (event.type === "spans_inserted" && (!project || event.project === project)) {
      const [trace] = event.traces;
      if (trace) void openWhat(() => placeOfTrace(trace), event.span_count);
    }
  });
  return (
    <p className="onboarding-waiting" role="status">
      {arrived ? (
        <>
          <Icon name="check" /> {plural(arrived, "span")} arrived. Opening the trace…
        </>
      ) : (
        <>
          <Spinner /> Waiting for the first span…
        </>
      )}
    </p>
  );
}

async function placeOfTrace(id: string): Promise<string | undefined> {
  const { node } = await fetchQuery(PaletteNode, { id }, { anew: true });
  return node?.__typename === "Trace" ? places.trace(node.project.id, node.traceId) : undefined;
}

/** For when events are missing: the newest trace of the project, or of the one that was last at work. */
async function newestTrace(project: string | undefined): Promise<string | undefined> {
  const id = project ?? (await fetchQuery(PaletteProjects, { first: 1 }, { anew: true })).projects.edges[0]?.node.id;
  if (!id) return undefined;
  const { node } = await fetchQuery(NewestTrace, { project: id }, { anew: true });
  const trace = node.__typename === "Project" ? node.spans.edges[0]?.node.trace : undefined;
  return trace && places.trace(id, trace.traceId);
}
