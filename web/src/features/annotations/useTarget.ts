import { useCallback, useMemo } from "react";
import { mutate, useQuery } from "../../base/cache";
import {
  AddSpanNotes, AnnotateSpans, AnnotateTraces, DeleteSpanAnnotations, DeleteSpanNotes, DeleteTraceAnnotations, SpanAnnotations, TraceAnnotations,
} from "../../generated/graphql";
import { identifierFor, isNote, type Annotation, type Verdict } from "./annotation";
import { annotationsChanged } from "./changes";

/** What is said of a span or a trace, and the ways to change it. */
export interface Target {
  /** Undefined until it is known. */
  readonly annotations: readonly Annotation[] | undefined;
  readonly notes: readonly Annotation[];
  readonly error: string | undefined;
  readonly refetch: () => void;
  /** Stores a verdict in the place of one's own of that name. */
  readonly save: (name: string, verdict: Verdict, known: Annotation | undefined) => Promise<void>;
  readonly remove: (ids: readonly string[], keepalive?: boolean) => Promise<void>;
}

export interface SpanTarget extends Target {
  readonly addNote: (text: string) => Promise<void>;
  readonly removeNote: (id: string, keepalive?: boolean) => Promise<void>;
}

const NONE: readonly Annotation[] = [];

const inputOf = (name: string, verdict: Verdict, known: Annotation | undefined) => ({
  name, ...verdict, annotatorKind: "HUMAN" as const, source: "APP" as const, metadata: known?.metadata ?? {}, identifier: identifierFor(known),
});

export function useSpanTarget(span: string): SpanTarget {
  const { data, error, refetch } = useQuery(SpanAnnotations, { span }, { skip: span === "" });
  const node = data?.node.__typename === "Span" ? data.node : undefined;
  const annotations = useMemo(() => node?.spanAnnotations.filter((one) => !isNote(one)), [node]);
  const save = useCallback(
    async (name: string, verdict: Verdict, known: Annotation | undefined) => {
      await mutate(AnnotateSpans, { input: [{ spanId: span, ...inputOf(name, verdict, known) }] });
      await annotationsChanged();
    },
    [span],
  );
  const remove = useCallback(async (ids: readonly string[], keepalive = false) => {
    await mutate(DeleteSpanAnnotations, { ids }, { keepalive });
    await annotationsChanged();
  }, []);
  const addNote = useCallback(
    async (note: string) => {
      await mutate(AddSpanNotes, { input: [{ span: { id: span }, note, annotatorKind: "HUMAN", source: "APP" }] });
      await annotationsChanged();
    },
    [span],
  );
  const removeNote = useCallback(async (id: string, keepalive = false) => {
    await mutate(DeleteSpanNotes, { ids: [id] }, { keepalive });
    await annotationsChanged();
  }, []);
  return { annotations, notes: node?.spanNotes ?? NONE, error: node ? undefined : error?.message, refetch, save, remove, addNote, removeNote };
}

/** The trace is named by its OpenTelemetry id; its node's id is known once it is read. */
export function useTraceTarget(project: string, trace: string): Target {
  const { data, error, refetch } = useQuery(TraceAnnotations, { project, trace });
  const node = data?.node.__typename === "Project" ? data.node.trace : undefined;
  const all = useMemo(() => node?.traceAnnotations as readonly Annotation[] | undefined, [node]);
  const annotations = useMemo(() => all?.filter((one) => !isNote(one)), [all]);
  const notes = useMemo(() => all?.filter(isNote) ?? NONE, [all]);
  const id = node?.id;
  const save = useCallback(
    async (name: string, verdict: Verdict, known: Annotation | undefined) => {
      if (id === undefined) throw new Error("The trace is not known yet.");
      await mutate(AnnotateTraces, { input: [{ traceId: id, ...inputOf(name, verdict, known) }] });
      await annotationsChanged();
    },
    [id],
  );
  const remove = useCallback(async (ids: readonly string[], keepalive = false) => {
    await mutate(DeleteTraceAnnotations, { ids }, { keepalive });
    await annotationsChanged();
  }, []);
  return { annotations, notes, error: annotations ? undefined : error?.message, refetch, save, remove };
}
