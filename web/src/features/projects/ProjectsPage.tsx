import { Projects } from "../../generated/graphql";
import { useQuery } from "../../base/cache";
import { useTimeRange } from "../../base/timerange";

export default function ProjectsPage(): JSX.Element {
  const { range } = useTimeRange();
  const { data, error } = useQuery(Projects, { first: 50, timeRange: range });
  return (
    <section>
      <h1>Projects</h1>
      {error && <p role="alert">{error.message}</p>}
      <ul>{data?.projects.edges.map(({ node }) => <li key={node.id}>{node.name}</li>)}</ul>
    </section>
  );
}
