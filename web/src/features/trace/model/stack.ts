export type StackLine =
  | { readonly kind: "frame" | "library"; readonly file: string; readonly line: string; readonly name: string; readonly code: string }
  | { readonly kind: "text" | "error"; readonly text: string };

const PYTHON = /^\s*File "([^"]+)", line (\d+)(?:, in (.+))?$/;
const JAVASCRIPT = /^\s*at (?:(.+?) \()?([^()\s]+?):(\d+)(?::\d+)?\)?$/;
const LIBRARY = /site-packages|dist-packages|node_modules|\/lib\/python|^node:|<frozen/;
const MOST_LINES = 600;

/** The frames of a Python or JavaScript stack trace; other lines as they are. Empty when nothing looks like a frame. */
export function readStack(text: string): readonly StackLine[] {
  const lines = text.split("\n");
  if (lines.length > MOST_LINES) return [];
  const out: StackLine[] = [];
  let frames = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!, python = PYTHON.exec(line), javascript = python ? null : JAVASCRIPT.exec(line);
    const file = python?.[1] ?? javascript?.[2];
    if (file !== undefined) {
      const next = lines[i + 1] ?? "", hasCode = python !== null && /^\s{4,}\S/.test(next) && !PYTHON.test(next);
      out.push({ kind: LIBRARY.test(file) ? "library" : "frame", file, line: python?.[2] ?? javascript?.[3] ?? "", name: python?.[3] ?? javascript?.[1] ?? "", code: hasCode ? next.trim() : "" });
      frames++;
      if (hasCode) i++;
      while (/^\s*[~^]+\s*$/.test(lines[i + 1] ?? "")) i++;
    } else if (line.trim() !== "") out.push({ kind: /^[\w.]*(?:Error|Exception|Warning|Interrupt|Exit)\b/.test(line) ? "error" : "text", text: line });
  }
  return frames > 0 ? out : [];
}
