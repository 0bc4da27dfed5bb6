export interface Piece { readonly kind: "same" | "left" | "right"; readonly text: string }

const MOST_EDITS = 1_500;

/** What turns one text into the other, by lines and, where lines were replaced by about as many, by words within. */
export function diffTexts(left: string, right: string): readonly Piece[] {
  if (left === right) return left === "" ? [] : [{ kind: "same", text: left }];
  const rough = diffTokens(left.match(/[^\n]*\n|[^\n]+$/g) ?? [], right.match(/[^\n]*\n|[^\n]+$/g) ?? []);
  const out: Piece[] = [];
  for (let i = 0; i < rough.length; i++) {
    const a = rough[i]!, b = rough[i + 1];
    if (a.kind === "left" && b?.kind === "right" && a.text.length + b.text.length < 60_000) {
      const fine = diffTokens(words(a.text), words(b.text));
      out.push(...(sharesEnough(fine) ? fine : [a, b]));
      i++;
    } else out.push(a);
  }
  return merged(out);
}

/** Texts that share only a few words read better as one replaced by the other. */
function sharesEnough(pieces: readonly Piece[]): boolean {
  let same = 0, changed = 0;
  for (const p of pieces) { const letters = p.text.replace(/\s+/g, "").length; if (p.kind === "same") same += letters; else changed += letters; }
  return same * 3 >= changed;
}

const words = (text: string): readonly string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** Myers' greedy algorithm over what differs between a common beginning and end; past its bound all of that counts as replaced. */
export function diffTokens(left: readonly string[], right: readonly string[]): readonly Piece[] {
  let from = 0, endL = left.length, endR = right.length;
  while (from < endL && from < endR && left[from] === right[from]) from++;
  while (endL > from && endR > from && left[endL - 1] === right[endR - 1]) { endL--; endR--; }
  const out: Piece[] = [];
  const push = (kind: Piece["kind"], text: string): void => { if (text !== "") out.push({ kind, text }); };
  push("same", left.slice(0, from).join(""));
  middle(left.slice(from, endL), right.slice(from, endR), push);
  push("same", left.slice(endL).join(""));
  return merged(out);
}

function middle(a: readonly string[], b: readonly string[], push: (kind: Piece["kind"], text: string) => void): void {
  const n = a.length, m = b.length;
  if (n === 0 || m === 0) { push("left", a.join("")); push("right", b.join("")); return; }
  const most = Math.min(n + m, MOST_EDITS), offset = most + 1, v = new Int32Array(2 * most + 3), trace: Int32Array[] = [];
  let found = -1;
  search: for (let d = 0; d <= most; d++) {
    trace.push(v.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && v[offset + k - 1]! < v[offset + k + 1]!) ? v[offset + k + 1]! : v[offset + k - 1]! + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      v[offset + k] = x;
      if (x >= n && x - k >= m) { found = d; break search; }
    }
  }
  if (found < 0) { push("left", a.join("")); push("right", b.join("")); return; }
  const steps: { kind: Piece["kind"]; text: string }[] = [];
  let x = n, y = m;
  for (let d = found; d > 0; d--) {
    const before = trace[d]!, at = (k: number): number => before[k + d + 1]!, k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const x0 = at(down ? k + 1 : k - 1);
    for (const afterEdit = down ? x0 : x0 + 1; x > afterEdit; y--) steps.push({ kind: "same", text: a[--x]! });
    if (down) steps.push({ kind: "right", text: b[--y]! }); else steps.push({ kind: "left", text: a[--x]! });
  }
  while (x > 0 && y > 0) { steps.push({ kind: "same", text: a[--x]! }); y--; }
  for (let i = steps.length - 1; i >= 0; i--) push(steps[i]!.kind, steps[i]!.text);
}

/** Joins neighbours of a kind; within a change what was left comes before what is right. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  let left = "", right = "", same = "";
  const flushChange = (): void => { if (left !== "") out.push({ kind: "left", text: left }); if (right !== "") out.push({ kind: "right", text: right }); left = right = ""; };
  const flushSame = (): void => { if (same !== "") out.push({ kind: "same", text: same }); same = ""; };
  for (const p of pieces) {
    if (p.kind === "same") { flushChange(); same += p.text; } else { flushSame(); if (p.kind === "left") left += p.text; else right += p.text; }
  }
  flushSame();
  flushChange();
  return out;
}
