import { useEffect, useRef } from "react";
import { changed, here } from "./router";

type Parameters = Readonly<Record<string, string>>;

/** What parts of the page show because this browser remembers it: a link has to say it. */
const remembered = new Set<() => Parameters>();

/** Parameters that a link to what is shown needs wherever the URL does not have them. */
export function useRemembered(parameters: Parameters): void {
  const latest = useRef(parameters);
  latest.current = parameters;
  useEffect(() => {
    const read = (): Parameters => latest.current;
    remembered.add(read);
    return () => {
      remembered.delete(read);
    };
  }, []);
}

export function withMissing(query: URLSearchParams, all: Iterable<Parameters>): URLSearchParams {
  let out = query;
  for (const parameters of all) {
    for (const [name, value] of Object.entries(parameters)) if (!out.has(name)) out = changed(out, { [name]: value });
  }
  return out;
}

/** The address of what is shown, the same in every browser. */
export function viewLink(): string {
  const query = withMissing(here().query, [...remembered].map((read) => read())).toString();
  return location.origin + location.pathname + (query && `?${query}`) + location.hash;
}
