/** What the server tells the page in index.html; every field may be missing. */
export interface Boot {
  readonly platformVersion?: string;
  readonly version?: string;
  readonly authenticationEnabled?: boolean;
  readonly hasDatabaseThreshold?: boolean;
  readonly grpcPort?: number;
  readonly supportEmail?: string;
  readonly managementUrl?: string;
  /** Set by the development server. */
  readonly reloadFrom?: string;
}

function read(): Boot {
  if (typeof document === "undefined") return {};
  try {
    return JSON.parse(document.getElementById("boot")?.textContent ?? "{}") as Boot;
  } catch {
    return {};
  }
}

export const boot: Boot = read();

/** The path under which the application lives, with a slash at its end. */
export const root: string = typeof document === "undefined" ? "/" : new URL(".", document.baseURI).pathname;

/** The address of something the server answers, from a path that begins with a slash. */
export const url = (path: string): string => root + path.replace(/^\//, "");
