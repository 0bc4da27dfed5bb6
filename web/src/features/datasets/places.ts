/** The paths of datasets and what is in them. */
export const datasetPlace = (dataset: string, tab: "examples" | "versions" = "examples"): string => `/datasets/${encodeURIComponent(dataset)}/${tab}`;
export const versionPlace = (dataset: string, version: string): string => `${datasetPlace(dataset, "versions")}/${encodeURIComponent(version)}`;
export const examplePlace = (dataset: string, example: string): string => `${datasetPlace(dataset)}/${encodeURIComponent(example)}`;
