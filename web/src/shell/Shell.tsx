import { Routes } from "../base/router";
import { routes } from "../routes";

export function Shell(): JSX.Element {
  return (
    <main>
      <Routes routes={routes} loading={<p role="status">Loading…</p>} fallback={<p>Not found</p>} />
    </main>
  );
}
