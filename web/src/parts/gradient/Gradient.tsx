export interface GradientColours {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

export const GRADIENTS: readonly GradientColours[] = [
  { name: "Dusk", start: "#5b6cff", end: "#b06cff" },
  { name: "Ocean", start: "#1e88e5", end: "#26c6da" },
  { name: "Lagoon", start: "#00897b", end: "#4dd0e1" },
  { name: "Meadow", start: "#43a047", end: "#c0ca33" },
  { name: "Sunrise", start: "#fb8c00", end: "#fdd835" },
  { name: "Ember", start: "#e53935", end: "#fb8c00" },
  { name: "Rose", start: "#d81b60", end: "#ff8a80" },
  { name: "Orchid", start: "#8e24aa", end: "#f06292" },
  { name: "Iris", start: "#3949ab", end: "#7e57c2" },
  { name: "Clay", start: "#8d6e63", end: "#d7a98c" },
  { name: "Slate", start: "#455a64", end: "#90a4ae" },
  { name: "Night", start: "#1a237e", end: "#5c6bc0" },
];

export const sameColour = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The disc that stands for a project. */
export function Gradient({ start, end, size = 16 }: { readonly start: string; readonly end: string; readonly size?: number }): JSX.Element {
  return <span className="gradient" aria-hidden="true" style={{ width: size, height: size, backgroundImage: `linear-gradient(135deg, ${start}, ${end})` }} />;
}
