import { backOff } from "./backOff";
import { url } from "./boot";
import { store } from "./store";

/** Whether the server answers. While it does not, it is asked ever more slowly until it does. */
export const connected = store(true);

const recoveries = new Set<() => void>();

/** Calls back when the server answers again, after it was away or after a request did not reach it. */
export function onRecovery(run: () => void): () => void {
  recoveries.add(run);
  return () => recoveries.delete(run);
}

const whileAway = backOff(500, 5000, 1.6);
/** Between probes of a server that is well: something else fails, and asking in a circle does not mend it. */
const whileWell = backOff(1000, 10_000);
const QUIET_MS = 30_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let probing: Promise<void> | undefined;
let hasMissed = false;
let probedAt = -Infinity;
let rest = 0;

async function answers(): Promise<boolean> {
  const controller = new AbortController();
  const limit = setTimeout(() => controller.abort(), 4000);
  try {
    return (await fetch(url("/healthz"), { cache: "no-store", signal: controller.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

/** Asks the server, once for all who want to know meanwhile. */
function probe(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  probing ??= ask().finally(() => (probing = undefined));
  return probing;
}

async function ask(): Promise<void> {
  const hasAnswered = await answers();
  probedAt = performance.now();
  if (!hasAnswered) {
    connected.set(false);
    timer = setTimeout(() => void probe(), whileAway.take());
    return;
  }
  const isBack = hasMissed || !connected.get();
  hasMissed = false;
  whileAway.reset();
  rest = whileWell.take();
  connected.set(true);
  if (isBack) for (const run of recoveries) run();
}

/** Finds out soon whether the server answers. */
export function probeSoon(): void {
  if (timer !== undefined || probing) return;
  const since = performance.now() - probedAt;
  if (since > QUIET_MS) whileWell.reset();
  timer = setTimeout(() => void probe(), Math.max(0, rest - since));
}

/** Whether the server answers now. While it does not it counts as away, and is asked until it does. */
export async function isWell(): Promise<boolean> {
  await probe();
  return connected.get();
}

/** Resolves when the server is not known to be away. */
export function untilConnected(): Promise<void> {
  if (connected.get()) return Promise.resolve();
  return new Promise((resolve) => {
    const forget = connected.subscribe(() => {
      if (!connected.get()) return;
      forget();
      resolve();
    });
  });
}

/** A request did not reach the server. One failure may be an accident, so the probe decides. */
export function reportDisconnected(): void {
  hasMissed = true;
  probeSoon();
}

export function probeNow(): void {
  whileAway.reset();
  void probe();
}
