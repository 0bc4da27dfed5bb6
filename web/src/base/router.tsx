import {
  Suspense,
  useCallback,
  useMemo,
  useSyncExternalStore,
  type AnchorHTMLAttributes,
  type ComponentType,
  type MouseEvent,
  type ReactNode,
} from "react";
import { root } from "./boot";

/** A place in the application: `path` begins with a slash and is relative to the root. */
export interface Location {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly hash: string;
}

export type Params = Readonly<Record<string, string>>;
export type PageProps = { readonly params: Params };

/** Routes with the same component keep it mounted as the URL moves between them. */
export interface Route {
  readonly pattern: string;
  readonly component: ComponentType<PageProps>;
}

const listeners = new Set<() => void>();
const emit = (): void => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener("popstate", emit);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener("popstate", emit);
  };
}

const snapshot = (): string => location.pathname + location.search + location.hash;

/** The `href` of a place: its path below the application's root. */
export const href = (to: string): string => (to.startsWith("/") ? root + to.slice(1) : to);

export function parse(address: string, below: string = root): Location {
  const u = new URL(address, "http://here");
  const path = u.pathname.startsWith(below) ? `/${u.pathname.slice(below.length)}` : "/";
  return { path: path.length > 1 ? path.replace(/\/+$/, "") || "/" : path, query: u.searchParams, hash: u.hash };
}

export const here = (): Location => parse(snapshot());

export interface NavigateOptions {
  /** Takes the place of the current history entry. */
  readonly replace?: boolean;
}

export function navigate(to: string, options: NavigateOptions = {}): void {
  const address = href(to);
  if (address === snapshot()) return;
  history[options.replace ? "replaceState" : "pushState"](null, "", address);
  emit();
}

export function useLocation(): Location {
  const address = useSyncExternalStore(subscribe, snapshot);
  return useMemo(() => parse(address), [address]);
}

/** Changes to the query: null and undefined take a parameter away, a list repeats it. */
export type QueryChange = Readonly<Record<string, string | readonly string[] | null | undefined>>;

export function changed(query: URLSearchParams, change: QueryChange): URLSearchParams {
  const out = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    out.delete(name);
    if (Array.isArray(value)) for (const item of value as readonly string[]) out.append(name, item);
    else if (typeof value === "string") out.set(name, value);
  }
  return out;
}

/** The current place with another query, for links. */
export function withQuery(change: QueryChange, path?: string): string {
  const at = here();
  const query = changed(at.query, change).toString();
  return (path ?? at.path) + (query ? `?${query}` : "") + at.hash;
}

export function setQuery(change: QueryChange, options: NavigateOptions = { replace: true }): void {
  navigate(withQuery(change), options);
}

/** One parameter of the query as state: the URL is its only store, so every view is a link. */
export function useQueryParameter(name: string, fallback: string): [string, (value: string, options?: NavigateOptions) => void] {
  const { query } = useLocation();
  const set = useCallback(
    (value: string, options: NavigateOptions = { replace: true }) => setQuery({ [name]: value === fallback ? null : value }, options),
    [name, fallback],
  );
  return [query.get(name) ?? fallback, set];
}

/** `:name` matches one segment, a final `*` the rest. */
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part === "*") {
      params["*"] = given.slice(i).join("/");
      return params;
    }
    const segment = given[i];
    if (segment === undefined) return null;
    if (part.startsWith(":")) {
      try {
        params[part.slice(1)] = decodeURIComponent(segment);
      } catch {
        params[part.slice(1)] = segment;
      }
    } else if (part !== segment) return null;
  }
  return given.length === wanted.length ? params : null;
}

export function Routes({ routes, fallback, loading }: { routes: readonly Route[]; fallback: ReactNode; loading: ReactNode }): JSX.Element {
  const { path } = useLocation();
  const found = useMemo(() => {
    for (const route of routes) {
      const params = match(route.pattern, path);
      if (params) return { route, params };
    }
    return null;
  }, [routes, path]);
  if (!found) return <>{fallback}</>;
  const Page = found.route.component;
  return (
    <Suspense fallback={loading}>
      <Page params={found.params} />
    </Suspense>
  );
}

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
  readonly to: string;
  readonly replace?: boolean;
}

/** A link within the application. Modified clicks open a tab, as with every link. */
export function Link({ to, replace, onClick, children, ...rest }: LinkProps): JSX.Element {
  const click = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to, replace ? { replace } : {});
  };
  return (
    <a href={href(to)} onClick={click} {...rest}>
      {children}
    </a>
  );
}
