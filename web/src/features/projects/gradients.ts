import type { CSSProperties } from "react";

/** Pairs of colours to choose from. */
export const GRADIENTS: readonly (readonly [name: string, start: string, end: string])[] = [
  ["Sky", "#5bdbff", "#1c76fc"],
  ["Sunset", "#ffb457", "#f0512f"],
  ["Meadow", "#9be564", "#1d9a6c"],
  ["Violet", "#c9a4ff", "#6a3df0"],
  ["Rose", "#ff9ab8", "#d6246e"],
  ["Sand", "#f6dfa4", "#b98732"],
  ["Lagoon", "#7df0d8", "#0f8c9e"],
  ["Indigo", "#a5b8ff", "#3946c9"],
  ["Ember", "#ff8a6b", "#a3173a"],
  ["Lime", "#e3f76a", "#6b9c15"],
  ["Orchid", "#f7a8f0", "#96309c"],
  ["Slate", "#c2ccd8", "#566374"],
];

const isColour = (text: string): boolean => /^#[0-9a-f]{3,8}$/i.test(text);

/** The gradient of a project as a background. */
export const gradient = (start: string, end: string): CSSProperties => ({
  backgroundImage: isColour(start) && isColour(end) ? `linear-gradient(135deg, ${start}, ${end})` : "linear-gradient(135deg, #5bdbff, #1c76fc)",
});
