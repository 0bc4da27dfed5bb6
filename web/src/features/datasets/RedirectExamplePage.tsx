import { useEffect } from "react";
import { useQuery } from "../../base/cache";
import { navigate, type PageProps } from "../../base/router";
import { ExampleByExternalId } from "../../generated/graphql";
import { NotFound } from "../../parts/NotFound";
import { Skeleton } from "../../parts/Skeleton";
import { examplePlace } from "./places";

/** Leads from the id that somebody gave an example to the example. */
export default function RedirectExamplePage({ params }: PageProps): JSX.Element {
  const dataset = params["datasetId"] ?? "";
  const { data, isLoading } = useQuery(ExampleByExternalId, { dataset, externalId: params["externalId"] ?? "" });
  const id = data?.getDatasetExampleByExternalId?.id;
  useEffect(() => {
    if (id !== undefined) navigate(examplePlace(dataset, id), { replace: true });
  }, [dataset, id]);
  if (isLoading || id !== undefined) return <Skeleton lines={8} label="Looking for the example" />;
  return <NotFound what="There is no such example">The dataset has no example with this id, or there is no such dataset.</NotFound>;
}
