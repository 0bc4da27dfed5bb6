import { lazy } from "react";
import { onRecovery, reportDisconnected } from "./connection";

/** How often code is asked for again although the server answers: it may have been replaced by one that does not have it. */
const TRIES = 3;

/**
 * A component whose code is fetched when it is first shown. While the server is away the fallback stands in for it, and the code
 * comes when the server is back; what is shown around it stays.
 */
export const lazily: typeof lazy = (load) => lazy(() => untilFetched(load));

async function untilFetched<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      if (tries === TRIES) throw error;
      await recovery();
    }
  }
}

/** Resolves when the server answers, which may be soon. */
function recovery(): Promise<void> {
  return new Promise((resolve) => {
    const forget = onRecovery(() => {
      forget();
      resolve();
    });
    reportDisconnected();
  });
}
