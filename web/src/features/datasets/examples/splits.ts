interface InSplits {
  readonly id: string;
  readonly datasetSplits: readonly { readonly id: string }[];
}

/** The examples that get the same splits. */
export interface SplitGroup {
  readonly exampleIds: readonly string[];
  readonly datasetSplitIds: readonly string[];
}

/** What to write so that each example is in one more split and stays in those it is in; examples that are in it already are left alone. */
export function withSplit(examples: readonly InSplits[], split: string): readonly SplitGroup[] {
  const groups = new Map<string, { exampleIds: string[]; datasetSplitIds: readonly string[] }>();
  for (const { id, datasetSplits } of examples) {
    if (datasetSplits.some((one) => one.id === split)) continue;
    const wanted = [...datasetSplits.map((one) => one.id).sort(), split];
    const group = groups.get(wanted.join(" ")) ?? { exampleIds: [], datasetSplitIds: wanted };
    group.exampleIds.push(id);
    groups.set(wanted.join(" "), group);
  }
  return [...groups.values()];
}

export const withoutSplits = (examples: readonly InSplits[]): readonly SplitGroup[] => [{ exampleIds: examples.map((one) => one.id), datasetSplitIds: [] }];
