import { Link, useLocation } from "../base/router";
import { EmptyState } from "./EmptyState";
import { PageHeader } from "./PageHeader";

/** There is no such page, or no such thing. */
export function NotFound({ what, children }: { what?: string; children?: string }): JSX.Element {
  const { path } = useLocation();
  return (
    <section className="page">
      <PageHeader crumbs={[{ label: "Not found" }]} />
      <EmptyState icon="search" title={what ?? "There is no such page"} actions={<Link to="/projects" className="button button-plain button-m">All projects</Link>}>
        <p>{children ?? "The link may be mistyped, or what it led to was deleted."}</p>
        <p className="mono">{path}</p>
      </EmptyState>
    </section>
  );
}
