/** One page of a connection. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly endCursor: string | null;
  readonly hasNext: boolean;
}

/** How a list reads its rows. Cursors are those of the server; null means the beginning. */
export interface RowSource<Row> {
  readonly load: (after: string | null, first: number, signal: AbortSignal) => Promise<Page<Row>>;
  /** The cursor `count` rows behind another one; null when the list ends before. */
  readonly skip: (after: string | null, count: number, signal: AbortSignal) => Promise<string | null>;
  /** A place near a far row, when there is a quicker way than passing over all rows before it: the cursor that `index` rows lie before. */
  readonly locate?: (index: number, signal: AbortSignal) => Promise<{ readonly index: number; readonly after: string } | null>;
}

export const WINDOW = 100;
/** The longest way that is skipped by one request. */
export const SKIP_MAX = 1000;
const LOCATE_FROM = 10;
const WINDOWS_KEPT = 60;
/** About as many rows as are on screen at first. */
const FIRST_SHOWN = 40;

export type ListState = "loading" | "ready" | "failed";

/**
 * The rows of a connection by their index, read in windows as they are looked at.
 *
 * A window is read behind the cursor where it begins. Cursors are learned by reading, by skipping or by
 * locating; what was read long ago and is out of sight is forgotten, its cursor is not.
 */
export class RowList<Row extends { readonly id: string }> {
  private cursors = new Map<number, string | null>([[0, null]]);
  private windows = new Map<number, readonly Row[]>();
  /** Windows that are shown and have to be read again. */
  private outdated = new Set<number>();
  private wanted: readonly number[] = [];
  private end: number | null = null;
  private announced = 0;
  private listeners = new Set<() => void>();
  private abort = new AbortController();
  private isRunning = false;
  private failure: Error | null = null;
  /** Grows with every change; what `useSyncExternalStore` compares. */
  version = 0;

  constructor(private readonly source: RowSource<Row>) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  get state(): ListState {
    if (this.failure !== null) return "failed";
    return this.windows.size === 0 && this.end !== 0 ? "loading" : "ready";
  }

  get error(): Error | null {
    return this.failure;
  }

  /** How many rows there are as far as is known. */
  get count(): number {
    if (this.end !== null) return this.end;
    const last = Math.max(0, ...this.windows.keys());
    const read = last * WINDOW + (this.windows.get(last)?.length ?? 0);
    return Math.max(this.announced, read + (this.windows.size > 0 ? 1 : 0));
  }

  get isCountExact(): boolean {
    return this.end !== null;
  }

  /** Tells what the server counted. It may differ from what the list holds, so the list's own end outranks it. */
  announce(count: number): void {
    if (this.announced === count) return;
    this.announced = count;
    this.changed();
  }

  row(index: number): Row | undefined {
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
  }

  /** The rows that are loaded, in order. */
  loaded(): readonly Row[] {
    return [...this.windows.keys()].sort((a, b) => a - b).flatMap((at) => this.windows.get(at) ?? []);
  }

  indexOf(id: string): number {
    for (const [at, rows] of this.windows) {
      const index = rows.findIndex((row) => row.id === id);
      if (index >= 0) return at * WINDOW + index;
    }
    return -1;
  }

  /** Reads the first rows when it begins to be shown; a list that was asked before keeps what it has until it is read anew. */
  show(): void {
    const isAgain = this.state !== "loading";
    this.want(0, FIRST_SHOWN);
    // What it has stays when the server does not answer.
    if (isAgain) void this.refresh().catch(() => undefined);
  }

  /** Says which rows are looked at; they and their neighbours are read. */
  want(first: number, last: number): void {
    const count = this.end ?? Number.MAX_SAFE_INTEGER;
    const from = Math.max(0, Math.floor(first / WINDOW));
    const to = Math.floor(Math.min(last, count - 1) / WINDOW);
    const near: number[] = [];
    for (let at = from; at <= to; at += 1) near.push(at);
    if ((last % WINDOW) > WINDOW / 2 && (to + 1) * WINDOW < count) near.push(to + 1);
    this.wanted = near;
    void this.run();
  }

  /** Reads the first page; the list is then as if it were new, without having been empty. */
  async refresh(): Promise<void> {
    const page = await this.peek();
    this.replaceHead(page);
  }

  /** The first page as it is now, which the list does not take over. */
  async peek(signal?: AbortSignal): Promise<Page<Row>> {
    return await this.source.load(null, WINDOW, signal ?? this.abort.signal);
  }

  /** Begins anew with a first page. */
  replaceHead(page: Page<Row>): void {
    this.stop();
    this.cursors = new Map([[0, null]]);
    this.windows = new Map();
    this.outdated.clear();
    this.end = null;
    this.failure = null;
    this.store(0, page);
    this.changed();
    void this.run();
  }

  /** Reads again what is looked at, where it is: for when rows were altered or deleted. */
  reload(): void {
    this.stop();
    const first = Math.min(...this.wanted, Number.MAX_SAFE_INTEGER);
    const kept = new Map([...this.cursors].filter(([at]) => at <= first));
    this.cursors = kept.size > 0 ? kept : new Map([[0, null]]);
    // What is shown stays on screen until its successor is there.
    this.windows = new Map([...this.windows].filter(([at]) => this.wanted.includes(at)));
    this.outdated = new Set(this.windows.keys());
    this.end = null;
    this.failure = null;
    void this.run();
  }

  retry(): void {
    this.failure = null;
    this.changed();
    void this.run();
  }

  private stop(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.isRunning = false;
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  private lacks(at: number): boolean {
    return !this.windows.has(at) || this.outdated.has(at);
  }

  /** Reads one window after the other until nothing that is looked at is missing. */
  private async run(): Promise<void> {
    if (this.isRunning || this.failure !== null) return;
    this.isRunning = true;
    const { signal } = this.abort;
    try {
      for (;;) {
        const next = this.wanted.find((at) => this.lacks(at) && (this.end === null || at * WINDOW < this.end || at === 0));
        if (next === undefined) break;
        await this.read(next, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.changed();
    }
    if (!signal.aborted) this.isRunning = false;
  }

  private async read(at: number, signal: AbortSignal): Promise<void> {
    if (!this.cursors.has(at)) await this.approach(at, signal);
    if (signal.aborted) return;
    const after = this.cursors.get(at);
    if (after === undefined) return;
    const page = await this.source.load(after, WINDOW, signal);
    if (signal.aborted) return;
    this.outdated.delete(at);
    this.store(at, page);
    this.forget();
    this.changed();
  }

  private store(at: number, page: Page<Row>): void {
    this.windows.set(at, page.rows);
    if (page.hasNext && page.endCursor !== null && page.rows.length === WINDOW) {
      this.cursors.set(at + 1, page.endCursor);
      return;
    }
    this.setEnd(at * WINDOW + page.rows.length);
  }

  private setEnd(end: number): void {
    this.end = end;
    for (const at of [...this.windows.keys()]) if (at * WINDOW >= end && at > 0) this.windows.delete(at);
    for (const at of [...this.cursors.keys()]) if (at * WINDOW >= end && at > 0) this.cursors.delete(at);
  }

  /** Learns the cursor of a window. When somebody looks elsewhere meanwhile, it gives up. */
  private async approach(at: number, signal: AbortSignal): Promise<void> {
    let from = this.nearest(at);
    if (at - from > LOCATE_FROM && this.source.locate !== undefined) {
      const place = await this.source.locate(at * WINDOW, signal);
      if (signal.aborted) return;
      if (place !== null) {
        const rest = (WINDOW - (place.index % WINDOW)) % WINDOW;
        const boundary = Math.floor((place.index + rest) / WINDOW);
        const cursor = rest === 0 ? place.after : await this.source.skip(place.after, rest, signal);
        if (signal.aborted) return;
        if (cursor !== null) this.cursors.set(boundary, cursor);
        from = this.nearest(at);
      }
    }
    while (from < at && this.wanted.includes(at)) {
      const count = Math.min(SKIP_MAX, (at - from) * WINDOW);
      const cursor = await this.source.skip(this.cursors.get(from) ?? null, count, signal);
      if (signal.aborted) return;
      if (cursor === null) {
        await this.findEnd(from, signal);
        return;
      }
      from += count / WINDOW;
      this.cursors.set(from, cursor);
    }
  }

  private async findEnd(from: number, signal: AbortSignal): Promise<void> {
    for (let at = from; !signal.aborted && this.end === null; at += 1) {
      const after = this.cursors.get(at);
      if (after === undefined) return;
      const page = await this.source.load(after, WINDOW, signal);
      if (!signal.aborted) this.store(at, page);
    }
    this.changed();
  }

  private nearest(at: number): number {
    let best = 0;
    for (const known of this.cursors.keys()) if (known <= at && known > best) best = known;
    return best;
  }

  private forget(): void {
    if (this.windows.size <= WINDOWS_KEPT) return;
    const middle = this.wanted[0] ?? 0;
    const far = [...this.windows.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const at of far.slice(0, this.windows.size - WINDOWS_KEPT)) this.windows.delete(at);
  }
}
