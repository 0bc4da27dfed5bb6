/** The term of the filter language that finds a text anywhere in a span. */
export function textFilter(text: string): string {
  return `text contains '${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}'`;
}
