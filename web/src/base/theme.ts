import { isOneOf, preference } from "./preferences";
import { store, useStore } from "./store";

export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

export const themeChoice = preference<ThemeChoice>("theme", "system", isOneOf("system", "light", "dark"));

const system = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: light)") : undefined;
const shown = store<Theme>("dark");

function apply(): void {
  const choice = themeChoice.get();
  if (typeof document !== "undefined") {
    if (choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = choice;
  }
  shown.set(choice === "system" ? (system?.matches ? "light" : "dark") : choice);
}

apply();
themeChoice.subscribe(apply);
system?.addEventListener("change", apply);

/** The theme that is shown, whatever chose it. */
export const useTheme = (): Theme => useStore(shown);
