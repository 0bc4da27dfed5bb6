import { useStore } from "../../../base/store";
import { Section } from "./Section";
import { AnnotationList, leavingAnnotations, NoteList } from "../../annotations/AnnotationList";
import { useAllConfigs } from "../../annotations/useConfigs";
import { useSpanTarget } from "../../annotations/useTarget";

/** What was said of a span, above what the span itself says; nothing where nothing was said. */
export default function Verdicts({ spanId }: { readonly spanId: string }): JSX.Element | null {
  const target = useSpanTarget(spanId);
  const { configs } = useAllConfigs();
  const leaving = useStore(leavingAnnotations);
  const annotations = (target.annotations ?? []).filter((one) => !leaving.has(one.id));
  const notes = target.notes.filter((one) => !leaving.has(one.id));
  if (annotations.length === 0 && notes.length === 0) return null;
  return (
    <>
      {annotations.length > 0 && (
        <Section title="Annotations" note={annotations.length}>
          <AnnotationList annotations={annotations} configs={configs} onRemove={target.remove} />
        </Section>
      )}
      {notes.length > 0 && (
        <Section title="Notes" note={notes.length}>
          <NoteList notes={notes} onRemove={target.removeNote} />
        </Section>
      )}
    </>
  );
}
