import { useEffect, useRef, type KeyboardEvent } from "react";
import { Compartment, defaultHighlightStyle, EditorState, EditorView, HighlightStyle, languages, minimalSetup, syntaxHighlighting, type Extension } from "codemirror6";

export interface CodeEditorProps {
  /** The accessible name. */
  readonly label: string;
  readonly value: string;
  /** Without it the code is only read. */
  readonly onChange?: (value: string) => void;
  /** A language by the name or an alias that CodeMirror has for it. */
  readonly language: string;
  /** Whether it takes the focus once it is there. */
  readonly takesFocus?: boolean;
  /** What Ctrl and Enter do, which otherwise add a line. */
  readonly onCommit?: () => void;
}

/** The colours of CodeMirror's own style, as tokens of ours. */
const COLOURS: Readonly<Record<string, string>> = {
  "#708": "var(--k-agent)", "#219": "var(--c4)", "#164": "var(--c4)", "#a11": "var(--good)", "#e40": "var(--c4)", "#00f": "var(--accent)", "#30a": "var(--fg-1)",
  "#085": "var(--k-retriever)", "#167": "var(--k-retriever)", "#256": "var(--k-evaluator)", "#00c": "var(--accent)", "#940": "var(--fg-3)", "#f00": "var(--bad)", "#404740": "var(--fg-3)",
};

const style = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...spec }) => (color ? { ...spec, color: COLOURS[color] ?? "var(--fg-1)" } : spec)),
);

const theme = EditorView.theme({
  "&": { fontSize: "var(--text-s)", color: "var(--fg-1)", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px", borderRadius: "var(--r-s)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", fontVariantLigatures: "none" },
  ".cm-content": { padding: "var(--s-5) 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 var(--s-6)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-bg)" },
});

const NOTHING: readonly Extension[] = [];

/**
 * Code with its syntax in colour. It lives in a shadow root: there CodeMirror's style sheets are constructed ones, which a policy
 * without inline styles lets through. Load it lazily.
 */
export default function CodeEditor({ label, value, onChange, language, takesFocus = false, onCommit }: CodeEditorProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const chosen = useRef(new Compartment());
  const changed = useRef(onChange);
  const first = useRef(value);
  const committed = useRef(onCommit);
  changed.current = onChange;
  committed.current = onCommit;
  const isReadOnly = onChange === undefined;
  useEffect(() => {
    if (!host.current) return undefined;
    const shadow = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const view = new EditorView({
      parent: shadow,
      root: shadow,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          minimalSetup,
          theme,
          syntaxHighlighting(style),
          chosen.current.of(NOTHING),
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": label, ...(isReadOnly ? { "aria-readonly": "true" } : {}) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label, isReadOnly]);
  useEffect(() => {
    first.current = value;
    const view = editor.current;
    if (view && view.state.doc.toString() !== value) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    let isCurrent = true;
    const wanted = language.toLowerCase();
    const description = languages.find((l) => l.name.toLowerCase() === wanted || l.alias.includes(wanted));
    description?.load().then(
      (support) => {
        if (isCurrent) editor.current?.dispatch({ effects: chosen.current.reconfigure(support) });
      },
      () => undefined, // Without its language the code is plain.
    );
    return () => {
      isCurrent = false;
    };
  }, [language, label, isReadOnly]);
  useEffect(() => {
    if (!takesFocus) return undefined;
    // A dialog around it opens first.
    const frame = requestAnimationFrame(() => editor.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [takesFocus]);
  // Before CodeMirror hears of it.
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !committed.current) return;
    event.preventDefault();
    event.stopPropagation();
    committed.current();
  };
  return <div className="code-editor" ref={host} onKeyDownCapture={onKey} />;
}
