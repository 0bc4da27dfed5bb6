import { Suspense, useState } from "react";
import { useKeys, type KeyBinding } from "../base/keys";
import { lazily } from "../base/lazily";
import { navigate, Routes, useLocation } from "../base/router";
import { themeChoice } from "../base/theme";
import { viewLink } from "../base/viewLink";
import { copyAndTell } from "../parts/clipboard";
import { ErrorBoundary } from "../parts/ErrorBoundary";
import { FailedDialog } from "../parts/FailedDialog";
import { LateDialog } from "../parts/LateDialog";
import { Skeleton } from "../parts/Skeleton";
import { Toasts, undoLatest } from "../parts/Toast";
import { routes } from "../routes";
import { Banners } from "./Banners";
import { entries } from "./navigation";
import { NotFound } from "../parts/NotFound";
import { Rail } from "./Rail";

const Palette = lazily(() => import("./Palette"));
const KeySheet = lazily(() => import("./KeySheet"));

const GO = "Go to";
const GENERAL = "General";

function nextTheme(): void {
  const shown = getComputedStyle(document.documentElement).colorScheme;
  themeChoice.set(shown === "dark" ? "light" : "dark");
}

/** What surrounds every page. */
export function Shell(): JSX.Element {
  const { path } = useLocation();
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  useKeys([
    { keys: "mod+k", label: "Search and commands", group: GENERAL, run: () => setOpen("palette"), inFields: true },
    { keys: "?", label: "Keys", group: GENERAL, run: () => setOpen("keys") },
    { keys: "y", label: "Copy the link to this view", group: GENERAL, run: () => void copyAndTell("the link to this view", viewLink()) },
    { keys: "u", label: "Undo", group: GENERAL, run: undoLatest },
    { keys: "shift+t", label: "Light or dark", group: GENERAL, run: nextTheme },
    ...entries.filter((e) => e.key).map((e): KeyBinding => ({ keys: `g ${e.key}`, label: e.label, group: GO, run: () => navigate(e.to) })),
  ]);
  const close = (): void => setOpen(null);
  return (
    <div className="shell">
      <a className="shell-skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>
        Skip to the page
      </a>
      <Banners />
      <Rail onSearch={() => setOpen("palette")} onKeys={() => setOpen("keys")} />
      <main id="main" className="shell-main" tabIndex={-1}>
        <ErrorBoundary resetKey={path}>
          <Routes routes={routes} loading={<Skeleton lines={6} />} fallback={<NotFound />} />
        </ErrorBoundary>
      </main>
      <ErrorBoundary resetKey={open ?? ""} fallback={<FailedDialog onClose={close} />}>
        <Suspense fallback={<LateDialog onGiveUp={close} />}>
          {open === "palette" && <Palette onClose={close} />}
          {open === "keys" && <KeySheet onClose={close} />}
        </Suspense>
      </ErrorBoundary>
      <Toasts />
    </div>
  );
}
