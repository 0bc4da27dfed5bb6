import { url } from "../base/boot";
import { Link, useLocation, type PageProps } from "../base/router";
import { EmptyState } from "../parts/EmptyState";
import { PageHeader } from "../parts/PageHeader";

/**
 * What clients link to and has no page yet: experiments, prompts, the playground and evaluators.
 *
 * It says where the same is to be had today, since the links are printed by programs that have just run.
 */
export default function LaterPage({ params }: PageProps): JSX.Element {
  const { path, query } = useLocation();
  const dataset = params["datasetId"];
  const what = dataset !== undefined ? "Experiments" : path.startsWith("/prompts") ? "Prompts" : path.startsWith("/evaluators") ? "Evaluators" : "The playground";
  return (
    <section className="page">
      <PageHeader crumbs={dataset !== undefined ? [{ label: "Datasets", to: "/datasets" }, { label: what }] : [{ label: what }]} />
      <EmptyState
        title={`${what} cannot be shown here yet`}
        actions={<>
          {dataset !== undefined && <Link to={`/datasets/${encodeURIComponent(dataset)}`} className="button button-plain button-m">The dataset</Link>}
          <a href={url("/docs")} className="button button-plain button-m">REST API</a>
        </>}
      >
        <p>All that is stored is kept, and the Python client, the REST API and GraphQL read and change it.</p>
        {query.getAll("experimentId").map((id) => (
          <p key={id}>
            Results of experiment <span className="mono">{id}</span>: <a href={url(`/v1/experiments/${encodeURIComponent(id)}/csv`)} download>CSV</a>, <a href={url(`/v1/experiments/${encodeURIComponent(id)}/json`)} download>JSON</a>
          </p>
        ))}
      </EmptyState>
    </section>
  );
}
