// Drawn on a grid of 16, one stroke wide; the colour is the text's.
const PATHS = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5 6.5 12 13 4.5",
  minus: "M3.5 8h9",
  plus: "M8 3.5v9M3.5 8h9",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  "chevron-down": "M4 6l4 4 4-4",
  "chevron-up": "M4 10l4-4 4 4",
  "chevron-left": "M10 4 6 8l4 4",
  "chevron-right": "M6 4l4 4-4 4",
  "arrow-up": "M8 13V3M4 7l4-4 4 4",
  "arrow-down": "M8 3v10M4 9l4 4 4-4",
  "arrow-right": "M3 8h10M9 4l4 4-4 4",
  copy: "M6 6V3.5h6.5V10H10M3.5 6H10v6.5H3.5Z",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 0 1 4.3 4.3L11.2 9M9 11.5l-1.2 1.2a3 3 0 0 1-4.3-4.3L4.8 7",
  external: "M6 3.5H3.5v9h9V10M9 3h4v4M13 3 7.5 8.5",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M6.8 7v3.5M9.2 7v3.5",
  edit: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3ZM9.3 4.4l2.3 2.3",
  download: "M8 3v7M5 7.5 8 10.5l3-3M3 13h10",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  columns: "M3 3.5h10v9H3ZM6.3 3.5v9M9.7 3.5v9",
  grid: "M3 3h4v4H3ZM9 3h4v4H9ZM3 9h4v4H3ZM9 9h4v4H9Z",
  list: "M3 4h10M3 8h10M3 12h10",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13 9.3A5.5 5.5 0 0 1 6.7 3 5.3 5.3 0 1 0 13 9.3Z",
  system: "M2.5 3h11v7.5h-11ZM5.5 13.5h5M8 10.5v3",
  gear: "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM8 1.8l.6 1.7 1.4.6 1.6-.8 1.1 1.1-.8 1.6.6 1.4 1.7.6-1.7.6-.6 1.4.8 1.6-1.1 1.1-1.6-.8-1.4.6-.6 1.7-.6-1.7-1.4-.6-1.6.8-1.1-1.1.8-1.6-.6-1.4L1.8 8l1.7-.6.6-1.4-.8-1.6 1.1-1.1 1.6.8 1.4-.6Z",
  keyboard: "M2 4.5h12v7H2ZM4.5 7h.01M7 7h.01M9 7h.01M11.5 7h.01M5 9.3h6",
  projects: "M3 4.5h4l1.2 1.5H13V12.5H3Z",
  traces: "M2.5 4h7M5 8h8M7.5 12h4",
  sessions: "M2.5 3.5h9v6H6l-2.2 2v-2H2.5ZM11.5 6h2v5.5h-1.2v1.6l-1.8-1.6H8",
  metrics: "M3 13V8.5M6.5 13V4M10 13V7M13.3 13V3",
  graphql: "M8 2l5.2 3v6L8 14l-5.2-3V5ZM8 2l5 8.8H3ZM13.2 11H2.8",
  api: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5M9 3.5l-2 9",
  refresh: "M13 8a5 5 0 1 1-1.5-3.6L13 6M13 2.8V6H9.8",
  warning: "M8 2.5 14 13H2ZM8 6.5v3.2M8 11.4h.01",
  error: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.6M8 10.9h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4V11M8 5.1h.01",
  offline: "M2 2l12 12M5 9a4.5 4.5 0 0 1 2.2-1.2M2.7 6.6A8 8 0 0 1 5 5.1M8 4.2a8 8 0 0 1 5.3 2.4M10 8.2A4.5 4.5 0 0 1 11 9M8 12h.01",
  expand: "M9.5 3H13v3.5M13 3 9 7M6.5 13H3V9.5M3 13l4-4",
  collapse: "M13 3 9.5 6.5M9.5 3.5v3h3M3 13l3.5-3.5M3.5 9.5h3v3",
  panel: "M2.5 3.5h11v9h-11ZM10 3.5v9",
  rail: "M2.5 3.5h11v9h-11ZM6 3.5v9",
  compare: "M5.5 3v10M10.5 3v10M2.5 6h3M10.5 10h3M2.5 10h3M10.5 6h3",
  message: "M2.5 3.5h11v7.5H7l-2.5 2.2V11h-2Z",
  bolt: "M8.5 2 4 9h3.5L7 14l5-7.5H8.2Z",
  move: "M3 8h9M8.5 4.5 12 8l-3.5 3.5M13.5 3v10",
  sliders: "M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 8h2M7.5 8h6M6 6.5v3M2.5 11.5h5M10.5 11.5h3M9 10v3",
  "thumb-up": "M5.5 7.2 8 2.5a1.4 1.4 0 0 1 1.4 1.6L9 6.5h3.2a1.2 1.2 0 0 1 1.2 1.5l-1 4a1.3 1.3 0 0 1-1.2 1H5.5ZM2.8 7.2h2.7V13H2.8Z",
  "thumb-down": "M10.5 8.8 8 13.5a1.4 1.4 0 0 1-1.4-1.6L7 9.5H3.8A1.2 1.2 0 0 1 2.6 8l1-4a1.3 1.3 0 0 1 1.2-1h5.7ZM13.2 8.8h-2.7V3h2.7Z",
  tag: "M2.8 3h4.9l5.5 5.5-4.7 4.7L3 7.7ZM5.6 5.8h.01",
  upload: "M8 10.5v-7M5 6l3-3 3 3M3 13h10",
  datasets: "M8 6.2c2.8 0 5-.8 5-1.8s-2.2-1.8-5-1.8-5 .8-5 1.8 2.2 1.8 5 1.8ZM3 4.4V8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4.4M3 8v3.6c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V8",
  history: "M3 8a5 5 0 1 0 1.6-3.7L3 6M3 3v3h3M8 5.4V8l1.8 1.3",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means is said by the text or the label beside it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg className={`icon icon-${name}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
