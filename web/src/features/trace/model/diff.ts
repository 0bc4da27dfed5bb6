import { childrenOf, type TraceModel } from "./trace";

export type Change = "same" | "changed" | "renamed" | "added" | "removed" | "moved";

/** One line of two traces side by side: a pair of spans, or a span that only one of them has. */
export interface DiffRow {
  readonly left: number;
  readonly right: number;
  readonly depth: number;
  /** How many lines are below this one. */
  size: number;
  readonly change: Change;
  /** What differs in a pair besides numbers. */
  readonly input: boolean;
  readonly output: boolean;
  readonly tools: boolean;
  readonly status: boolean;
  /** Whether anything below differs in structure or content. */
  changedBelow: number;
}

export interface TraceDiff {
  readonly rows: readonly DiffRow[];
  readonly pairs: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** What of the contents of two spans differs, when it is known. */
export type ContentDiffers = (left: number, right: number) => { readonly input: boolean; readonly output: boolean; readonly tools: boolean };

/**
 * Aligns two forests from the roots down.
 *
 * Children of a pair are aligned as sequences: first by equal subtrees at both ends, then by the alignment that keeps
 * the most of what has the same kind and name, weighted by how alike the subtrees are. What is left over is paired out
 * of order ("moved"), by kind and place ("renamed"), and through a level that only one side has.
 * Long sequences are cut at subtrees that occur once on both sides, which bounds time and memory.
 */
export function diffTraces(left: TraceModel, right: TraceModel, differs: ContentDiffers = fromHashes(left, right)): TraceDiff {
  const names = new Map<string, number>();
  const a = describe(left, names), b = describe(right, names);
  const rows: DiffRow[] = [];
  let pairs = 0, added = 0, removed = 0, changed = 0;

  type Step = { left: number; right: number; depth: number; moved: boolean; wrapped?: readonly [readonly number[], readonly number[]] } | { close: number };
  const work: Step[] = [];
  const schedule = (ls: readonly number[], rs: readonly number[], depth: number): void => {
    const steps = alignSequences(ls, rs, a, b, left, right);
    for (let k = steps.length - 1; k >= 0; k--) work.push({ ...steps[k]!, depth });
  };
  schedule(left.roots, right.roots, 0);
  for (let step = work.pop(); step; step = work.pop()) {
    if ("close" in step) {
      const row = rows[step.close]!;
      row.size = rows.length - step.close - 1;
      for (let k = step.close + 1; k < rows.length; k += rows[k]!.size + 1) row.changedBelow += rows[k]!.changedBelow + (rows[k]!.change === "same" ? 0 : 1);
      continue;
    }
    const { left: l, right: r, depth } = step;
    let change: Change, input = false, output = false, tools = false, status = false;
    if (l < 0) { change = "added"; added++; }
    else if (r < 0) { change = "removed"; removed++; }
    else {
      pairs++;
      ({ input, output, tools } = differs(l, r));
      status = left.status[l] !== right.status[r];
      change = a.key[l] !== b.key[r] ? "renamed" : step.moved ? "moved" : input || output || tools || status ? "changed" : "same";
      if (change !== "same") changed++;
    }
    work.push({ close: rows.length });
    rows.push({ left: l, right: r, depth, size: 0, change, input, output, tools, status, changedBelow: 0 });
    if (step.wrapped) schedule(step.wrapped[0], step.wrapped[1], depth + 1);
    else schedule(l < 0 ? [] : childrenOf(left, l), r < 0 ? [] : childrenOf(right, r), depth + 1);
  }
  return { rows, pairs, added, removed, changed };
}

interface Described {
  /** Kind and name as a number that both traces share. */
  readonly key: Int32Array;
  /** Of the whole subtree's structure. */
  readonly shape: Float64Array;
}

function describe(model: TraceModel, names: Map<string, number>): Described {
  const n = model.count, key = new Int32Array(n), shape = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const text = `${model.kind[i]} ${stableName(model.name(i))}`;
    let k = names.get(text);
    if (k === undefined) { k = names.size + 1; names.set(text, k); }
    key[i] = k;
    shape[i] = k;
  }
  // Children come after their parent, so that going backwards each subtree is complete before it is folded into its parent.
  for (let i = n - 1; i >= 0; i--) {
    let h = key[i]! >>> 0, h2 = key[i]! * 31 + 7;
    const end = i + model.size[i]!;
    for (let c = i + 1; c < end; c += model.size[c]!) {
      const s = shape[c]!;
      h = Math.imul(h ^ (s >>> 0), 0x01000193) ^ (h >>> 13);
      h2 = Math.imul(h2 + (Math.floor(s / 0x100000000) | 0) + (s | 0), 0x5bd1e995) ^ (h2 >>> 15);
    }
    shape[i] = (h >>> 0) + ((h2 >>> 0) & 0x1fffff) * 0x100000000;
  }
  return { key, shape };
}

/** Names that differ only by a number or an id, such as `step 3` and `step 4`, are the same step. */
const stableName = (name: string): string => name.replace(/\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d+/gi, "#");

type Aligned = { left: number; right: number; moved: boolean; wrapped?: readonly [readonly number[], readonly number[]] };

function alignSequences(ls: readonly number[], rs: readonly number[], a: Described, b: Described, left: TraceModel, right: TraceModel): readonly Aligned[] {
  const head: Aligned[] = [], tail: Aligned[] = [];
  let from = 0, endL = ls.length, endR = rs.length;
  const equal = (l: number, r: number): boolean => a.shape[l] === b.shape[r];
  while (from < endL && from < endR && equal(ls[from]!, rs[from]!)) { head.push({ left: ls[from]!, right: rs[from]!, moved: false }); from++; }
  while (endL > from && endR > from && equal(ls[endL - 1]!, rs[endR - 1]!)) tail.push({ left: ls[--endL]!, right: rs[--endR]!, moved: false });
  const middle: Aligned[] = [];
  anchored(ls.slice(from, endL), rs.slice(from, endR), a, b, left, right, middle);
  pairLeftovers(middle, a, b, left, right);
  return [...head, ...middle, ...tail.reverse()];
}

const PAIR = 0, SKIP_LEFT = 1, SKIP_RIGHT = 2;
const MOST_CELLS = 4_000_000;

function anchored(ls: readonly number[], rs: readonly number[], a: Described, b: Described, left: TraceModel, right: TraceModel, out: Aligned[]): void {
  if (ls.length === 0 || rs.length === 0) {
    for (const l of ls) out.push({ left: l, right: -1, moved: false });
    for (const r of rs) out.push({ left: -1, right: r, moved: false });
    return;
  }
  if (ls.length * rs.length <= MOST_CELLS) { byWeights(ls, rs, a, b, left, right, out); return; }
  const anchors = uniqueAnchors(ls, rs, a, b);
  if (anchors.length === 0) {
    // Nothing to hold on to: pieces of equal share keep the work bounded.
    const pieces = Math.ceil((ls.length * rs.length) / MOST_CELLS);
    for (let k = 0; k < pieces; k++) {
      const cut = (list: readonly number[]): readonly number[] => list.slice(Math.floor((list.length * k) / pieces), Math.floor((list.length * (k + 1)) / pieces));
      const l = cut(ls), r = cut(rs);
      if (l.length * r.length > MOST_CELLS) inPlace(l, r, out); else byWeightsOrRest(l, r, a, b, left, right, out);
    }
    return;
  }
  let l0 = 0, r0 = 0;
  for (const [l, r] of [...anchors, [ls.length, rs.length] as const]) {
    byWeightsOrRest(ls.slice(l0, l), rs.slice(r0, r), a, b, left, right, out);
    if (l < ls.length) out.push({ left: ls[l]!, right: rs[r]!, moved: false });
    l0 = l + 1;
    r0 = r + 1;
  }
}

const byWeightsOrRest = (l: readonly number[], r: readonly number[], a: Described, b: Described, left: TraceModel, right: TraceModel, out: Aligned[]): void => {
  if (l.length * r.length > MOST_CELLS) inPlace(l, r, out);
  else if (l.length === 0 || r.length === 0) anchored(l, r, a, b, left, right, out);
  else byWeights(l, r, a, b, left, right, out);
};

function inPlace(l: readonly number[], r: readonly number[], out: Aligned[]): void {
  for (let i = 0; i < Math.max(l.length, r.length); i++) out.push({ left: l[i] ?? -1, right: r[i] ?? -1, moved: false });
}

/** Subtrees that occur once on either side and keep their order (patience diff). */
function uniqueAnchors(ls: readonly number[], rs: readonly number[], a: Described, b: Described): readonly (readonly [number, number])[] {
  const once = (list: readonly number[], d: Described): Map<number, number> => {
    const at = new Map<number, number>();
    list.forEach((i, k) => { const s = d.shape[i]!; at.set(s, at.has(s) ? -1 : k); });
    return at;
  };
  const inRight = once(rs, b), pairs: (readonly [number, number])[] = [];
  for (const [shape, l] of once(ls, a)) { const r = inRight.get(shape); if (l >= 0 && r !== undefined && r >= 0) pairs.push([l, r]); }
  pairs.sort((x, y) => x[0] - y[0]);
  const piles: number[] = [], back: number[] = [];
  pairs.forEach(([, r], i) => {
    let low = 0, high = piles.length;
    while (low < high) { const mid = (low + high) >> 1; if (pairs[piles[mid]!]![1] < r) low = mid + 1; else high = mid; }
    back[i] = low > 0 ? piles[low - 1]! : -1;
    piles[low] = i;
  });
  const out: (readonly [number, number])[] = [];
  for (let i = piles[piles.length - 1] ?? -1; i >= 0; i = back[i]!) out.push(pairs[i]!);
  return out.reverse();
}

/** Needleman–Wunsch over pairs of the same kind and name; the more alike two subtrees are, the more a pair is worth. */
function byWeights(ls: readonly number[], rs: readonly number[], a: Described, b: Described, left: TraceModel, right: TraceModel, out: Aligned[]): void {
  const n = ls.length, m = rs.length, width = m + 1;
  const best = new Float32Array((n + 1) * width), choice = new Uint8Array(n * m);
  for (let i = n - 1; i >= 0; i--) {
    const l = ls[i]!, key = a.key[l]!, shape = a.shape[l]!, size = left.size[l]!;
    for (let k = m - 1; k >= 0; k--) {
      const r = rs[k]!, down = best[(i + 1) * width + k]!, across = best[i * width + k + 1]!;
      let value = Math.max(down, across), by = down >= across ? SKIP_LEFT : SKIP_RIGHT;
      if (b.key[r] === key) {
        const alike = b.shape[r] === shape ? 2 : 1 + Math.min(size, right.size[r]!) / Math.max(size, right.size[r]!) / 2;
        const paired = best[(i + 1) * width + k + 1]! + alike;
        if (paired >= value) { value = paired; by = PAIR; }
      }
      best[i * width + k] = value;
      choice[i * m + k] = by;
    }
  }
  let i = 0, k = 0;
  while (i < n && k < m) {
    const by = choice[i * m + k];
    out.push({ left: by === SKIP_RIGHT ? -1 : ls[i]!, right: by === SKIP_LEFT ? -1 : rs[k]!, moved: false });
    if (by !== SKIP_RIGHT) i++;
    if (by !== SKIP_LEFT) k++;
  }
  for (; i < n; i++) out.push({ left: ls[i]!, right: -1, moved: false });
  for (; k < m; k++) out.push({ left: -1, right: rs[k]!, moved: false });
}

/** Pairs of what one side alone seemed to have: the same step out of order, one level more or less, or another name. */
function pairLeftovers(list: Aligned[], a: Described, b: Described, left: TraceModel, right: TraceModel): void {
  const removed = new Map<number, number[]>();
  list.forEach((x, i) => { if (x.right < 0) { const key = a.key[x.left]!; const at = removed.get(key); if (at) at.push(i); else removed.set(key, [i]); } });
  if (removed.size === 0) return;
  const gone = new Set<number>();
  for (let i = 0; i < list.length; i++) {
    const x = list[i]!;
    if (x.left >= 0) continue;
    const from = removed.get(b.key[x.right]!)?.shift();
    if (from === undefined) continue;
    list[i] = { left: list[from]!.left, right: x.right, moved: true };
    gone.add(from);
  }
  unwrap(list, gone, a, b, left, right);
  // A span of the same kind in the same gap under another name, if it is alone there.
  for (let i = 0; i < list.length;) {
    let end = i;
    while (end < list.length && (gone.has(end) || list[end]!.left < 0 || list[end]!.right < 0)) end++;
    const ls: number[] = [], rs: number[] = [];
    for (let k = i; k < end; k++) if (!gone.has(k) && !list[k]!.wrapped) (list[k]!.right < 0 ? ls : rs).push(k);
    for (const l of ls) {
      const kind = left.kind[list[l]!.left];
      const same = rs.filter((r) => !gone.has(r) && list[r]!.left < 0 && right.kind[list[r]!.right] === kind);
      const rival = ls.filter((o) => o !== l && !gone.has(o) && left.kind[list[o]!.left] === kind);
      if (same.length !== 1 || rival.length !== 0) continue;
      list[same[0]!] = { left: list[l]!.left, right: list[same[0]!]!.right, moved: false };
      gone.add(l);
    }
    i = end + 1;
  }
  if (gone.size > 0) { let k = 0; for (let i = 0; i < list.length; i++) if (!gone.has(i)) list[k++] = list[i]!; list.length = k; }
}

/** A span on one side alone whose children are what the other side has in its place. */
function unwrap(list: Aligned[], gone: Set<number>, a: Described, b: Described, left: TraceModel, right: TraceModel): void {
  for (let i = 0; i < list.length; i++) {
    const x = list[i]!;
    if (gone.has(i) || (x.left >= 0 && x.right >= 0)) continue;
    const outer = x.left < 0, inside = outer ? childrenOf(right, x.right) : childrenOf(left, x.left);
    if (inside.length === 0) continue;
    const innerKey = outer ? b.key : a.key, otherKey = outer ? a.key : b.key;
    const keys = new Set(inside.map((c) => innerKey[c]!));
    const others: number[] = [];
    for (let k = 0; k < list.length; k++) {
      const y = list[k]!;
      if (k === i || gone.has(k) || (outer ? y.right : y.left) >= 0) continue;
      if (keys.has(otherKey[outer ? y.left : y.right]!)) others.push(k);
    }
    if (others.length === 0 || others.length * 2 < inside.length) continue;
    const spans = others.map((k) => (outer ? list[k]!.left : list[k]!.right));
    for (const k of others) gone.add(k);
    list[i] = { ...x, wrapped: outer ? [spans, inside] : [inside, spans] };
  }
}

/** Compares the hashes that came with the columns; without them nothing is said to differ. */
export function fromHashes(left: TraceModel, right: TraceModel): ContentDiffers {
  const test = (pick: (m: TraceModel) => Uint32Array | undefined) => {
    const l = pick(left), r = pick(right);
    return (i: number, k: number): boolean => l !== undefined && r !== undefined && l[left.source[i]!] !== r[right.source[k]!];
  };
  const input = test((m) => m.columns.inputHash), output = test((m) => m.columns.outputHash), tools = test((m) => m.columns.callHash);
  return (i, k) => ({ input: input(i, k), output: output(i, k), tools: tools(i, k) });
}
