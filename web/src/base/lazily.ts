import { lazy } from "react";
import { isWell, untilConnected } from "./connection";

/** How often code is asked for of a server that answers: it may have been replaced by one that does not have it. */
const TRIES = 2;
const PAUSE_MS = 500;

/**
 * A component whose code is fetched when it is first shown. While the server is away the fallback stands in for it, and the code
 * comes when the server is back; what is shown around it stays.
 */
export const lazily: typeof lazy = (load) => lazy(() => untilFetched(load));

export async function untilFetched<T>(load: () => Promise<T>, pauseMs = PAUSE_MS): Promise<T> {
  let refusals = 0;
  for (;;) {
    // Some browsers keep a failed import as long as the page lives, so none is tried while the server is known to be away.
    await untilConnected();
    try {
      return await load();
    } catch (error) {
      if (!(await isWell())) continue;
      refusals += 1;
      if (refusals === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
