import { url } from "./boot";
import { store } from "./store";

/** Whether the server answers. While it does not, it is asked ever more slowly until it does. */
export const connected = store(true);

const recoveries = new Set<() => void>();

/** Calls back when the server answers again. */
export function onRecovery(run: () => void): () => void {
  recoveries.add(run);
  return () => recoveries.delete(run);
}

let timer: ReturnType<typeof setTimeout> | undefined;
let pause = 500;

async function probe(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const controller = new AbortController();
  const limit = setTimeout(() => controller.abort(), 4000);
  try {
    const answer = await fetch(url("/healthz"), { cache: "no-store", signal: controller.signal });
    if (answer.ok) {
      pause = 500;
      connected.set(true);
      for (const run of recoveries) run();
      return;
    }
  } catch {
    // Still away.
  } finally {
    clearTimeout(limit);
  }
  connected.set(false);
  pause = Math.min(pause * 1.6, 5000);
  timer = setTimeout(() => void probe(), pause);
}

/** A request did not reach the server. One failure may be an accident, so the probe decides. */
export function reportDisconnected(): void {
  if (timer === undefined) timer = setTimeout(() => void probe(), 0);
}

export function probeNow(): void {
  pause = 500;
  void probe();
}
