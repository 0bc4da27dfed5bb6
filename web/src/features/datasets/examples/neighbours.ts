type Beside = (id: string, step: 1 | -1) => string | undefined;

/** What stands beside an example in the table behind its drawer. */
class Neighbours {
  private beside: Beside | undefined;

  /** Offers an order; the answer takes it away. */
  offer(beside: Beside): () => void {
    this.beside = beside;
    return () => {
      if (this.beside === beside) this.beside = undefined;
    };
  }

  of(id: string, step: 1 | -1): string | undefined {
    return this.beside?.(id, step);
  }
}

export const exampleNeighbours = new Neighbours();
