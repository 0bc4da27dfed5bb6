import type { Turn } from "../../generated/graphql";

export interface LoadedTurn extends Turn {
  /** Where the page behind this turn begins. */
  readonly cursor: string;
  /** Grows with each piece of news of this turn: what was read of an earlier version may be old. */
  readonly version: number;
}

export interface TurnPage {
  readonly edges: readonly { readonly cursor: string; readonly node: Turn }[];
  readonly hasNextPage: boolean;
}

/** Reads the page of turns behind a cursor, the first one for null. */
export type ReadPage = (after: string | null) => Promise<TurnPage>;

/** Traces that changed by their global ids, or any of them. */
export type News = ReadonlySet<string> | "any";

export const both = (one: News, other: News): News => (one === "any" || other === "any" ? "any" : new Set([...one, ...other]));

/**
 * The turns of a session in the order of their time, a page after the other, as far as they were asked for.
 *
 * News of turns that are loaded has them read again, from the first of them on; until then they stay as they are.
 */
export class TurnList {
  turns: readonly LoadedTurn[] = [];
  error: string | null = null;
  private wanted = 0;
  private isComplete = false;
  private isLoading = false;
  private isClosed = false;
  private news: News = new Set();
  private version = 0;
  private recounted = 0;

  constructor(
    private readonly read: ReadPage,
    private readonly changed: () => void,
  ) {}

  /** Loads pages until there is a turn of this index. */
  need(index: number): void {
    this.wanted = Math.max(this.wanted, index);
    void this.load();
  }

  /** Reads again what changed, and looks for turns behind the last one. */
  hear(news: News): void {
    this.news = both(this.news, news);
    this.isComplete = false;
    this.wanted = Math.max(this.wanted, this.turns.length);
    void this.load();
  }

  /** Tells how many turns the session has: when all pages brought fewer, some arrived out of order. */
  expect(count: number): void {
    if (this.turns.length >= count) this.recounted = 0;
    if (!this.isComplete || this.isLoading || this.turns.length >= count || this.recounted === count) return;
    this.recounted = count;
    this.hear("any");
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.error !== null) void this.load();
  }

  open(): void {
    this.isClosed = false;
    void this.load();
  }

  /** Reads nothing more, and tells nothing of what is being read. */
  close(): void {
    this.isClosed = true;
  }

  private async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      while (!this.isClosed) {
        const first = this.firstWithNews();
        if (first < 0 && (this.isComplete || this.turns.length > this.wanted)) break;
        if (first >= 0) await this.readAgain(first);
        else await this.readOn();
      }
    } catch (failure) {
      if (!this.isClosed) {
        this.error = failure instanceof Error ? failure.message : String(failure);
        this.changed();
      }
    } finally {
      this.isLoading = false;
    }
  }

  private firstWithNews(): number {
    const { news } = this;
    const first = news === "any" ? Math.min(0, this.turns.length - 1) : this.turns.findIndex((turn) => news.has(turn.id));
    // What is not loaded is read with all its news.
    if (first < 0) this.news = new Set();
    return first;
  }

  private async readOn(): Promise<void> {
    const page = await this.read(this.turns[this.turns.length - 1]?.cursor ?? null);
    this.show([...this.turns, ...page.edges.map(({ cursor, node }) => ({ ...node, cursor, version: this.version }))], page.hasNextPage);
  }

  private async readAgain(first: number): Promise<void> {
    const { news } = this;
    const former = new Map(this.turns.map((turn) => [turn.id, turn]));
    const until = this.turns.length;
    this.news = new Set();
    const version = this.version + 1;
    const versionOf = (id: string): number => (news === "any" || news.has(id) ? version : (former.get(id)?.version ?? version));
    let turns = this.turns.slice(0, first);
    let hasNextPage = true;
    try {
      while (hasNextPage && turns.length < until && !this.isClosed) {
        const page = await this.read(turns[turns.length - 1]?.cursor ?? null);
        turns = [...turns, ...page.edges.map(({ cursor, node }) => ({ ...node, cursor, version: versionOf(node.id) }))];
        hasNextPage = page.hasNextPage;
      }
    } catch (failure) {
      this.news = both(this.news, news);
      throw failure;
    }
    this.version = version;
    this.show(turns, hasNextPage);
  }

  private show(turns: readonly LoadedTurn[], hasNextPage: boolean): void {
    if (this.isClosed) return;
    this.turns = turns;
    this.isComplete = !hasNextPage;
    this.error = null;
    this.changed();
  }
}
