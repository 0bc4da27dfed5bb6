// Sets the chosen theme before the first paint.
try {
  const chosen = JSON.parse(localStorage.getItem("phoenix.theme") ?? "null") as unknown;
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
} catch {
  // Storage is blocked: the system's theme stands.
}

export {};
