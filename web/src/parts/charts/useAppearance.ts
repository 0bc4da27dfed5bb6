import { useEffect, useState } from "react";

/** Counts changes of theme, contrast and pixel density: whatever is painted by hand repaints then. */
export function useAppearance(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((value) => value + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true });
    const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", `(resolution: ${devicePixelRatio}dppx)`];
    const watched = queries.map((query) => matchMedia(query));
    for (const query of watched) query.addEventListener("change", changed);
    void document.fonts.ready.then(changed);
    return () => {
      observer.disconnect();
      for (const query of watched) query.removeEventListener("change", changed);
    };
  }, []);
  return version;
}
