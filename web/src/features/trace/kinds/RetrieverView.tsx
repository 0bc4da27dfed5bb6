import { Suspense } from "react";
import { plural } from "../../../base/format";
import { lazily } from "../../../base/lazily";
import type { InfoProps } from "../detail/InfoTab";
import { Section } from "../detail/Section";
import { documentsAt } from "../model/documents";
import { DocumentList } from "./DocumentList";
import { InputOutput, ValueSection } from "./InputOutput";

const DocumentFeedback = lazily(() => import("../../annotations/DocumentFeedback"));
const RetrievalFigures = lazily(() => import("../../annotations/DocumentFeedback").then((module) => ({ default: module.RetrievalFigures })));

/** What was looked for and what was found, best first. */
export function RetrieverView(props: InfoProps): JSX.Element {
  const { attributes, highlight, projectId, span } = props;
  const documents = documentsAt(attributes, "retrieval.documents");
  if (documents.length === 0) return <InputOutput {...props} />;
  return (
    <>
      <ValueSection attributes={attributes} side="input" title="Query" highlight={highlight} withSwitch />
      <Section title="Documents" note={plural(documents.length, "document")}>
        <Suspense fallback={null}><RetrievalFigures spanId={span.id} /></Suspense>
        <DocumentList
          documents={documents.map((document, i) => ({ document, before: undefined, after: i }))} highlight={highlight}
          foot={(position) => <Suspense fallback={<div className="an-document" />}><DocumentFeedback projectId={projectId} spanId={span.id} position={position} /></Suspense>}
        />
      </Section>
    </>
  );
}
