import { invalidate, renew } from "../../base/cache";
import { store } from "../../base/store";

/** Counts what was annotated through this page, so that a table of rows with annotations knows when to read them again. */
export const annotationChanges = store(0);

/** Queries that show single annotations; they are read again before a form lets go of what was entered. */
const SHOWN: readonly string[] = ["SpanAnnotations", "TraceAnnotations", "SessionAnnotations", "DocumentAnnotations"];
/** Queries that count or sum annotations. */
const SUMMED: readonly string[] = ["AnnotatedSpans", "ProjectAnnotationNames", "ProjectAnnotationCounts", "SpanAnnotationSummaryOf", "TraceAnnotationSummaryOf", "SessionAnnotationSummaryOf"];

/** Reads again what shows annotations; resolves when the forms can show what is stored. */
export async function annotationsChanged(): Promise<void> {
  invalidate(SUMMED);
  annotationChanges.set((count) => count + 1);
  await renew(SHOWN);
}

/** Queries that list configs. */
export const CONFIGS: readonly string[] = ["AnnotationConfigs", "ProjectAnnotationConfigs"];
