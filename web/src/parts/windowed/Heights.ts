/**
 * The heights of a list's items: measured ones, and a guess for the others.
 *
 * Sums are kept in a Fenwick tree, so that positions are found in logarithmic time however long the list is.
 */
export class Heights {
  private readonly sizes: Float64Array;
  private readonly tree: Float64Array;

  constructor(
    readonly count: number,
    private readonly guess: number,
    known?: Heights,
  ) {
    this.sizes = new Float64Array(count).fill(Number.NaN);
    this.tree = new Float64Array(count + 1);
    for (let index = 0; index < Math.min(count, known?.count ?? 0); index += 1) {
      const size = known?.sizes[index] ?? Number.NaN;
      if (!Number.isNaN(size)) this.set(index, size);
    }
  }

  of(index: number): number {
    const size = this.sizes[index] ?? Number.NaN;
    return Number.isNaN(size) ? this.guess : size;
  }

  /** Notes a measured height and answers by how much the item grew. */
  set(index: number, height: number): number {
    const growth = height - this.of(index);
    this.sizes[index] = height;
    // The tree holds what heights exceed the guess by.
    for (let at = index + 1; at <= this.count; at += at & -at) this.tree[at] = (this.tree[at] ?? 0) + growth;
    return growth;
  }

  /** Where an item begins; the end of the list for `count`. */
  offset(index: number): number {
    const clamped = Math.min(this.count, Math.max(0, index));
    let excess = 0;
    for (let at = clamped; at > 0; at -= at & -at) excess += this.tree[at] ?? 0;
    return clamped * this.guess + excess;
  }

  get total(): number {
    return this.offset(this.count);
  }

  /** The item at a height from the top, within the list. */
  indexAt(y: number): number {
    let low = 0;
    let high = Math.max(0, this.count - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offset(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
