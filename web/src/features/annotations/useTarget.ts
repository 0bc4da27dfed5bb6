import { useCallback, useMemo } from "react";
import { mutate, useQuery, type MutationOptions } from "../../base/cache";
import {
  AddSessionNotes, AddSpanNotes, AddTraceNotes, AnnotateDocuments, AnnotateSession, AnnotateSpans, AnnotateTraces, DeleteDocumentAnnotations, DeleteSessionAnnotation,
  DeleteSessionNotes, DeleteSpanAnnotations, DeleteSpanNotes, DeleteTraceAnnotations, DeleteTraceNotes, DocumentAnnotations, SessionAnnotations, SpanAnnotations, TraceAnnotations,
  type DocumentAnnotationsData,
} from "../../generated/graphql";
import { identifierFor, isNote, type Annotation, type Summary, type Verdict } from "./annotation";
import { annotationsChanged } from "./changes";

/** What is said of a span, a trace, a session or a document, and the ways to change it. */
export interface Target {
  /** Undefined until it is known. */
  readonly annotations: readonly Annotation[] | undefined;
  readonly error: string | undefined;
  readonly refetch: () => void;
  /** Stores a verdict in the place of one's own of that name. */
  readonly save: (name: string, verdict: Verdict, known: Annotation | undefined) => Promise<void>;
  readonly remove: (ids: readonly string[], keepalive?: boolean) => Promise<void>;
}

/** A target that people can write notes about; documents are none. */
export interface NotedTarget extends Target {
  readonly notes: readonly Annotation[];
  readonly addNote: (text: string) => Promise<void>;
  readonly removeNote: (id: string, keepalive?: boolean) => Promise<void>;
}

const NONE: readonly Annotation[] = [];

const said = (verdict: Verdict, known: Annotation | undefined) => ({
  ...verdict, annotatorKind: "HUMAN" as const, source: "APP" as const, metadata: known?.metadata ?? {}, identifier: identifierFor(known),
});
type Said = ReturnType<typeof said> & { readonly name: string };

/** The mutations of one kind of target. */
interface Ways {
  readonly annotate: (input: Said) => Promise<unknown>;
  readonly remove: (ids: readonly string[], options: MutationOptions) => Promise<unknown>;
  readonly addNote: (note: string) => Promise<unknown>;
  readonly removeNotes: (ids: readonly string[], options: MutationOptions) => Promise<unknown>;
}

/** Each change is followed by reading again what shows annotations. */
function useChanges({ annotate, remove, addNote, removeNotes }: Ways) {
  return {
    save: useCallback(async (name: string, verdict: Verdict, known: Annotation | undefined) => {
      await annotate({ name, ...said(verdict, known) });
      await annotationsChanged();
    }, [annotate]),
    remove: useCallback(async (ids: readonly string[], keepalive = false) => {
      await remove(ids, { keepalive });
      await annotationsChanged();
    }, [remove]),
    addNote: useCallback(async (note: string) => {
      await addNote(note);
      await annotationsChanged();
    }, [addNote]),
    removeNote: useCallback(async (id: string, keepalive = false) => {
      await removeNotes([id], { keepalive });
      await annotationsChanged();
    }, [removeNotes]),
  };
}

const written = { annotatorKind: "HUMAN", source: "APP" } as const;

const SPAN = {
  remove: (ids: readonly string[], options: MutationOptions) => mutate(DeleteSpanAnnotations, { ids }, options),
  removeNotes: (ids: readonly string[], options: MutationOptions) => mutate(DeleteSpanNotes, { ids }, options),
};

export function useSpanTarget(span: string): NotedTarget {
  const { data, error, refetch } = useQuery(SpanAnnotations, { span }, { skip: span === "" });
  const node = data?.node.__typename === "Span" ? data.node : undefined;
  const annotations = useMemo(() => node?.spanAnnotations.filter((one) => !isNote(one)), [node]);
  const ways = useMemo((): Ways => ({
    ...SPAN,
    annotate: (input) => mutate(AnnotateSpans, { input: [{ spanId: span, ...input }] }),
    addNote: (note) => mutate(AddSpanNotes, { input: [{ span: { id: span }, note, ...written }] }),
  }), [span]);
  return { annotations, notes: node?.spanNotes ?? NONE, error: node ? undefined : error?.message, refetch, ...useChanges(ways) };
}

const TRACE = {
  remove: (ids: readonly string[], options: MutationOptions) => mutate(DeleteTraceAnnotations, { ids }, options),
  removeNotes: (ids: readonly string[], options: MutationOptions) => mutate(DeleteTraceNotes, { ids }, options),
};

/** Annotations without the notes among them, and the notes. */
function useParts(all: readonly Annotation[] | undefined): { readonly annotations: readonly Annotation[] | undefined; readonly notes: readonly Annotation[] } {
  return useMemo(() => ({ annotations: all?.filter((one) => !isNote(one)), notes: all?.filter(isNote) ?? NONE }), [all]);
}

/** The trace is named by its OpenTelemetry id; its node's id is known once it is read. */
export function useTraceTarget(project: string, trace: string): NotedTarget {
  const { data, error, refetch } = useQuery(TraceAnnotations, { project, trace });
  const node = data?.node.__typename === "Project" ? data.node.trace : undefined;
  const parts = useParts(node?.traceAnnotations);
  const id = node?.id;
  const ways = useMemo((): Ways => {
    const known = (): string => {
      if (id === undefined) throw new Error("The trace is not known yet.");
      return id;
    };
    return {
      ...TRACE,
      annotate: async (input) => mutate(AnnotateTraces, { input: [{ traceId: known(), ...input }] }),
      addNote: async (note) => mutate(AddTraceNotes, { input: [{ trace: { id: known() }, note, ...written }] }),
    };
  }, [id]);
  return { ...parts, error: parts.annotations ? undefined : error?.message, refetch, ...useChanges(ways) };
}

export interface SessionTarget extends NotedTarget {
  readonly summaries: readonly Summary[];
}

const NO_SUMMARIES: readonly Summary[] = [];
const SESSION = {
  remove: (ids: readonly string[], options: MutationOptions) => Promise.all(ids.map((id) => mutate(DeleteSessionAnnotation, { id }, options))),
  removeNotes: (ids: readonly string[], options: MutationOptions) => mutate(DeleteSessionNotes, { ids }, options),
};

export function useSessionTarget(session: string): SessionTarget {
  const { data, error, refetch } = useQuery(SessionAnnotations, { session });
  const node = data?.node.__typename === "ProjectSession" ? data.node : undefined;
  const parts = useParts(node?.sessionAnnotations);
  const ways = useMemo((): Ways => ({
    ...SESSION,
    annotate: (input) => mutate(AnnotateSession, { input: { projectSessionId: session, ...input } }),
    addNote: (note) => mutate(AddSessionNotes, { input: [{ session: { id: session }, note, ...written }] }),
  }), [session]);
  return { ...parts, summaries: node?.sessionAnnotationSummaries ?? NO_SUMMARIES, error: node ? undefined : error?.message, refetch, ...useChanges(ways) };
}

export type RetrievalMetrics = Extract<DocumentAnnotationsData["node"], { readonly __typename: "Span" }>["documentRetrievalMetrics"][number];

const noNotes = (): Promise<never> => Promise.reject(new Error("Documents have no notes."));

/** A document by its place among those that a span retrieved, from 0. All documents of a span are read by one request. */
export function useDocumentTarget(span: string, position: number): Target {
  const { data, error, refetch } = useQuery(DocumentAnnotations, { span });
  const node = data?.node.__typename === "Span" ? data.node : undefined;
  const annotations = useMemo(() => node?.documentEvaluations.filter((one) => one.documentPosition === position), [node, position]);
  const ways = useMemo((): Ways => ({
    annotate: (input) => mutate(AnnotateDocuments, { input: [{ spanId: span, documentPosition: position, ...input }] }),
    remove: (ids, options) => mutate(DeleteDocumentAnnotations, { ids }, options),
    addNote: noNotes,
    removeNotes: noNotes,
  }), [span, position]);
  const { save, remove } = useChanges(ways);
  return { annotations, error: node ? undefined : error?.message, refetch, save, remove };
}

/** How good the retrieval was by each name that a model judged its documents under. */
export function useRetrievalMetrics(span: string): readonly RetrievalMetrics[] {
  const { data } = useQuery(DocumentAnnotations, { span });
  return data?.node.__typename === "Span" ? data.node.documentRetrievalMetrics : [];
}
