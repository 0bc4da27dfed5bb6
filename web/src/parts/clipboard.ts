import { toast } from "./Toast";

/** Copies; where the browser has no clipboard for this page (plain HTTP), a selection does it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Within an open dialog nothing outside of it can be selected. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const dialog = focused?.closest("dialog:modal") ?? [...document.querySelectorAll("dialog:modal")].pop();
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  (dialog ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement || focused instanceof SVGElement) focused.focus({ preventScroll: true });
  return isDone;
}

/** Copies and tells so: “Copied the id”. */
export async function copyAndTell(what: string, text: string): Promise<void> {
  toast((await copyText(text)) ? { message: `Copied ${what}`, ms: 1800 } : { message: "The browser did not let this page copy.", tone: "bad" });
}
