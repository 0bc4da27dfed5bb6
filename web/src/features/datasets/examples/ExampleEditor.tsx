import { Suspense } from "react";
import { lazily } from "../../../base/lazily";
import { Skeleton } from "../../../parts/Skeleton";
import { objectFault } from "../jsonFields";

const CodeEditor = lazily(() => import("../../../parts/CodeEditor"));

/** The three parts of an example as texts that are being edited. */
export interface ExampleTexts {
  readonly input: string;
  readonly output: string;
  readonly metadata: string;
}

export const PARTS = [
  { key: "input", label: "Input" },
  { key: "output", label: "Output" },
  { key: "metadata", label: "Metadata" },
] as const;

interface ExampleEditorProps {
  readonly texts: ExampleTexts;
  readonly onChange: (texts: ExampleTexts) => void;
  /** What Ctrl and Enter do. */
  readonly onCommit: () => void;
}

/** The parts of an example as JSON to edit, each with what is wrong with it. The first one takes the focus. */
export function ExampleEditor({ texts, onChange, onCommit }: ExampleEditorProps): JSX.Element {
  return (
    <Suspense fallback={<Skeleton lines={8} label="Loading the editor" />}>
      {PARTS.map(({ key, label }, at) => {
        const fault = objectFault(texts[key]);
        return (
          <div key={key} className="field">
            <span className="ac-caption">{label}</span>
            <div className="ds-editor" style={{ height: heightOf(texts[key]) }} data-invalid={fault !== undefined || undefined}>
              <CodeEditor label={label} language="json" value={texts[key]} takesFocus={at === 0} onCommit={onCommit} onChange={(text) => onChange({ ...texts, [key]: text })} />
            </div>
            {fault && <p className="field-error" role="alert">{fault}</p>}
          </div>
        );
      })}
    </Suspense>
  );
}

const LINE = 18;
const LINES = { least: 4, most: 16 };

/** Pixels that a text takes, within bounds. */
const heightOf = (text: string): number => Math.min(LINES.most, Math.max(LINES.least, text.split("\n").length + 1)) * LINE + 20;

export const hasFault = (texts: ExampleTexts): boolean => PARTS.some(({ key }) => objectFault(texts[key]) !== undefined);
export const textOf = (value: unknown): string => JSON.stringify(value ?? {}, null, 2);
