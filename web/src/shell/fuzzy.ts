/** How well a query fits a text: its letters in order, runs and starts of words count more. Negative: not at all. */
export function fuzzy(query: string, text: string): number {
  const wanted = query.toLowerCase();
  const given = text.toLowerCase();
  let found = 0;
  let run = 0;
  let total = 0;
  for (let i = 0; i < given.length && found < wanted.length; i++) {
    if (wanted[found] === given[i]) {
      found++;
      run++;
      total += run * 2 + (i === 0 || /[\s\-_/.:]/.test(given[i - 1] ?? "") ? 6 : 0);
    } else run = 0;
  }
  return found === wanted.length ? total - given.length * 0.05 : -1;
}
