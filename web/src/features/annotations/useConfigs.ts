import { useMemo } from "react";
import { useQuery } from "../../base/cache";
import { AnnotationConfigs, ProjectAnnotationConfigs } from "../../generated/graphql";
import type { Config } from "./annotation";

interface Configs {
  readonly configs: readonly Config[] | undefined;
  readonly error: string | undefined;
  readonly refetch: () => void;
}

/** The configs that a project annotates with. */
export function useProjectConfigs(project: string): Configs {
  const { data, error, refetch } = useQuery(ProjectAnnotationConfigs, { project });
  const configs = useMemo(() => (data?.node.__typename === "Project" ? data.node.annotationConfigs.edges.map((edge) => edge.node) : undefined), [data]);
  return { configs, error: configs ? undefined : error?.message, refetch };
}

/** Every config there is. */
export function useAllConfigs(): Configs {
  const { data, error, refetch } = useQuery(AnnotationConfigs, {});
  const configs = useMemo(() => data?.annotationConfigs.edges.map((edge) => edge.node), [data]);
  return { configs, error: configs ? undefined : error?.message, refetch };
}
