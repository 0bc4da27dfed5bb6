/**
 * Reads something, and again after news of it, one read at a time.
 *
 * News that comes during a read does not give that read up: what takes longer than the time between two pieces of news would
 * never be there. It is read once more when the read has ended.
 */
export class Rereader<Value> {
  private controller: AbortController | undefined;
  private hasNews = false;

  constructor(
    private readonly read: (signal: AbortSignal) => Promise<Value>,
    private readonly onValue: (value: Value) => void,
    private readonly onFailure: (failure: unknown) => void,
  ) {}

  /** Reads now, or once more after the read that is under way. */
  request(): void {
    if (this.controller) {
      this.hasNews = true;
      return;
    }
    const controller = new AbortController();
    this.controller = controller;
    this.hasNews = false;
    void this.read(controller.signal).then(
      (value) => this.ended(controller, () => this.onValue(value)),
      (failure: unknown) => this.ended(controller, () => this.onFailure(failure)),
    );
  }

  /** Gives up the read that is under way; nothing more is told of it. */
  stop(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.hasNews = false;
  }

  private ended(controller: AbortController, tell: () => void): void {
    if (this.controller !== controller) return;
    this.controller = undefined;
    tell();
    if (this.hasNews) this.request();
  }
}
