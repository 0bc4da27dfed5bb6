import { send } from "../../base/graphql";
import { DatasetCursor, DatasetExampleCursor, DatasetExamples, Datasets, type DatasetColumn, type DatasetItem, type ExampleRow } from "../../generated/graphql";
import type { TableSort } from "../../parts/dataTable";
import type { RowSource } from "../project/table/rowList";

export type { DatasetItem, ExampleRow };

export interface DatasetQuestion {
  readonly words: string;
  readonly labels: readonly string[];
  readonly sort: TableSort;
}

export const SORTABLE: readonly DatasetColumn[] = ["name", "createdAt"];

/** The datasets as a list that is read by windows. */
export function datasetSource({ words, labels, sort }: DatasetQuestion): RowSource<DatasetItem> {
  const variables = {
    sort: { col: sort.key as DatasetColumn, dir: sort.isDescending ? ("desc" as const) : ("asc" as const) },
    filter: words === "" && labels.length === 0 ? null : { ...(words === "" ? {} : { col: "name" as const, value: words }), ...(labels.length === 0 ? {} : { filterLabels: labels }) },
  };
  return {
    load: async (after, first, signal) => {
      const { datasets } = await send(Datasets, { ...variables, first, after }, { signal });
      return { rows: datasets.edges.map((edge) => edge.node), endCursor: datasets.pageInfo.endCursor, hasNext: datasets.pageInfo.hasNextPage };
    },
    skip: async (after, count, signal) => {
      const { pageInfo } = (await send(DatasetCursor, { ...variables, first: count, after }, { signal })).datasets;
      return pageInfo.hasNextPage ? pageInfo.endCursor : null;
    },
  };
}

export interface ExampleQuestion {
  readonly datasetId: string;
  readonly version: string | null;
  readonly splits: readonly string[];
  readonly words: string;
}

/** The examples of a dataset at a version, those of some splits or with some words, as a list that is read by windows. */
export function exampleSource({ datasetId, version, splits, words }: ExampleQuestion, counted: (count: number) => void): RowSource<ExampleRow> {
  const variables = { id: datasetId, version, splits: splits.length === 0 ? null : splits, filter: words || null };
  return {
    load: async (after, first, signal) => {
      const { node } = await send(DatasetExamples, { ...variables, first, after }, { signal });
      if (node.__typename !== "Dataset") throw new Error("There is no such dataset.");
      if (words === "") counted(node.exampleCount);
      const { edges, pageInfo } = node.examples;
      return { rows: edges.map((edge) => edge.node), endCursor: pageInfo.endCursor, hasNext: pageInfo.hasNextPage };
    },
    skip: async (after, count, signal) => {
      const { node } = await send(DatasetExampleCursor, { ...variables, first: count, after }, { signal });
      const info = node.__typename === "Dataset" ? node.examples.pageInfo : null;
      return info?.hasNextPage ? info.endCursor : null;
    },
  };
}
