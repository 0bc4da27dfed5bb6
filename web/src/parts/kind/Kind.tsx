// One sign for each kind of span on a grid of 16; the colour says the kind as well, and the word stands beside it or in the title.
const PATHS: Readonly<Record<string, string>> = {
  agent: "M5 6h6a1.5 1.5 0 0 1 1.5 1.5v4A1.5 1.5 0 0 1 11 13H5a1.5 1.5 0 0 1-1.5-1.5v-4A1.5 1.5 0 0 1 5 6ZM8 6V3.2M6.2 9.2v.6M9.8 9.2v.6",
  chain: "M6.8 9.2 9.2 6.8M7.2 5l1.3-1.3a2.7 2.7 0 0 1 3.8 3.8L11 8.8M8.8 11l-1.3 1.3a2.7 2.7 0 0 1-3.8-3.8L5 7.2",
  llm: "M8 2.5 9.4 6.6 13.5 8 9.4 9.4 8 13.5 6.6 9.4 2.5 8 6.6 6.6Z",
  tool: "M9.7 6.3l3-3a3.4 3.4 0 0 1-4.4 4.6l-4 4a1.1 1.1 0 0 1-1.6-1.6l4-4a3.4 3.4 0 0 1 4.6-4.4l-3 3 .2 1.2Z",
  retriever: "M7 11.5A4.5 4.5 0 1 0 7 2.5a4.5 4.5 0 0 0 0 9ZM10.3 10.3 13.5 13.5M5.2 6h3.6M5.2 8h2.4",
  reranker: "M4.5 13V3.5M2.5 5.5l2-2 2 2M9 4.5h4.5M9 8h3.3M9 11.5h2",
  embedding: "M8 2.5 13 5.2v5.6L8 13.5 3 10.8V5.2ZM3 5.2l5 2.8 5-2.8M8 8v5.5",
  guardrail: "M8 2.3 13 4v4c0 2.9-2 4.8-5 5.9C5 12.8 3 10.9 3 8V4ZM5.8 8l1.6 1.6L10.4 6.5",
  evaluator: "M3 13h10M8 2.7V13M3.5 4.7h9M3.5 4.7 2 8.7h3ZM12.5 4.7 11 8.7h3Z",
  prompt: "M3 4l3.2 4L3 12M8 12h5.5",
  decision: "M8 2.5 13.5 8 8 13.5 2.5 8ZM8 5.8v2.6M8 10.2v.2",
  unknown: "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10ZM8 7.9v.2",
};

export function KindIcon({ kind, size = 14 }: { readonly kind: string; readonly size?: number }): JSX.Element {
  const known = PATHS[kind] ? kind : "unknown";
  return (
    <svg className="kind-icon" data-kind={known} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[known]} />
    </svg>
  );
}

/** The sign of a kind with its word. */
export function Kind({ kind, size = 14 }: { readonly kind: string; readonly size?: number }): JSX.Element {
  return <span className="kind"><KindIcon kind={kind} size={size} /><span className="kind-word">{kind}</span></span>;
}
