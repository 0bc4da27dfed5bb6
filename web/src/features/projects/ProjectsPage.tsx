import { useEffect, useRef, useState } from "react";
import { integer } from "../../base/format";
import { useKeys } from "../../base/keys";
import { usePreference } from "../../base/preferences";
import { setQuery, useLocation, useQueryParameter } from "../../base/router";
import { useStore } from "../../base/store";
import { useTimeRange } from "../../base/timerange";
import { useRemembered } from "../../base/viewLink";
import { places } from "../../base/places";
import { navigate } from "../../base/router";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { EmptyState } from "../../parts/EmptyState";
import { IconButton } from "../../parts/IconButton";
import { Input } from "../../parts/Input";
import { PageHeader } from "../../parts/PageHeader";
import { Segmented } from "../../parts/Segmented";
import { Select } from "../../parts/Select";
import { Skeleton } from "../../parts/Skeleton";
import { leaving } from "./leaving";
import { lastSorting, ORDER_NAMES, ORDERS, projectsView, readSorting, readView, written, type ProjectsView, type Sorting } from "./order";
import { Onboarding } from "./Onboarding";
import { ProjectCard } from "./ProjectCard";
import { ProjectDialog } from "./ProjectDialog";
import { ProjectTable } from "./ProjectTable";
import { RemoveBeforeDialog } from "./RemoveBeforeDialog";
import { ALL, PAGE, useProjects, type ListedProject } from "./useProjects";

type Open = { readonly kind: "new" } | { readonly kind: "edit" | "before"; readonly project: ListedProject } | { readonly kind: "send"; readonly project: { readonly id: string; readonly name: string } };

/** Every project, as cards or as a table. */
export default function ProjectsPage(): JSX.Element {
  const { query } = useLocation();
  const { range } = useTimeRange();
  const [usualView] = usePreference(projectsView);
  const view = readView(query.get("view")) ?? usualView;
  const [usual] = usePreference(lastSorting);
  const sorting = readSorting(query.get("sort") ?? usual);
  useRemembered({ view, sort: written(sorting) });
  const [search] = useQueryParameter("search", "");
  const page = Math.max(0, Math.floor(Number(query.get("page") ?? 1)) - 1 || 0);
  const list = useProjects(search, useSame(sorting), page, range);
  const gone = useStore(leaving);
  const [open, setOpen] = useState<Open | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const items = useRef<HTMLDivElement>(null);
  const projects = list.projects?.filter((p) => gone.get(p.id) !== "project");
  const setView = (next: ProjectsView): void => {
    projectsView.set(next);
    setQuery({ view: null });
  };
  const sort = (next: Sorting): void => {
    lastSorting.set(written(next));
    setQuery({ sort: written(next), page: null });
  };
  const move = (by: number): void => {
    const links = [...(items.current?.querySelectorAll<HTMLElement>("a.project-name") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  useKeys([
    { keys: "/", label: "Search projects", group: "Projects", run: () => field.current?.focus() },
    { keys: "n", label: "New project", group: "Projects", run: () => setOpen({ kind: "new" }) },
    { keys: "v", label: "Cards or table", group: "Projects", run: () => setView(view === "cards" ? "table" : "cards") },
    { keys: "j", label: "Next project", group: "Projects", run: () => move(1) },
    { keys: "k", label: "Previous project", group: "Projects", run: () => move(-1) },
  ]);
  const isFirstUse = projects !== undefined && !search && page === 0 && !list.hasNext && projects.every((p) => !p.hasTraces);
  const rangeQuery = rangeOf(query);
  const actions = { onEdit: (project: ListedProject) => setOpen({ kind: "edit", project }), onRemoveBefore: (project: ListedProject) => setOpen({ kind: "before", project }) };
  return (
    <section className="page">
      <PageHeader
        crumbs={[{ label: "Projects" }]}
        hasTimeRange
        actions={
          <Button icon="plus" onClick={() => setOpen({ kind: "new" })}>
            New project
          </Button>
        }
      />
      <div className="projects-bar">
        <SearchField field={field} initial={search} />
        <span className="push" />
        <Select label="Order" value={sorting.by} options={ORDERS.map((o) => ({ value: o, label: ORDER_NAMES[o] }))} onChange={(by) => sort({ by, isDescending: by !== "name" })} />
        <IconButton icon={sorting.isDescending ? "arrow-down" : "arrow-up"} label={sorting.isDescending ? "Descending; turn round" : "Ascending; turn round"} onClick={() => sort({ ...sorting, isDescending: !sorting.isDescending })} />
        <Segmented
          label="View"
          value={view}
          onChange={setView}
          options={[
            { value: "cards", label: "Cards", icon: "grid", isIconOnly: true },
            { value: "table", label: "Table", icon: "list", isIconOnly: true },
          ]}
        />
      </div>
      <div className="page-scroll projects-list" ref={items} data-previous={list.isPrevious || undefined}>
        {projects === undefined && (list.error ? <Failed message={list.error.message} retry={list.refetch} /> : <Skeleton lines={10} label="Loading projects" />)}
        {projects?.length === 0 && search !== "" && (
          <EmptyState icon="search" title={`No project has “${search}” in its name`} actions={<Button onClick={() => setQuery({ search: null, page: null })}>Show all</Button>} />
        )}
        {projects && view === "cards" && (
          <ul className="project-cards">
            {projects.map((p) => (
              <ProjectCard key={p.id} project={p} isLeaving={gone.has(p.id)} rangeQuery={rangeQuery} {...actions} />
            ))}
          </ul>
        )}
        {projects && projects.length > 0 && view === "table" && (
          <ProjectTable projects={projects} isLeaving={(p) => gone.has(p.id)} sorting={sorting} onSort={sort} rangeQuery={rangeQuery} {...actions} />
        )}
        {projects && list.isPartial && (
          <p className="projects-note dim" role="note">
            This order is made among the first {integer(ALL)} projects by name. Search to narrow them down.
          </p>
        )}
        {projects && (page > 0 || list.hasNext) && <Pager page={page} shown={projects.length} count={search ? undefined : list.count} hasNext={list.hasNext} />}
        {isFirstUse && <Onboarding />}
      </div>
      {open?.kind === "new" && (
        <ProjectDialog onClose={() => setOpen(null)} onDone={(project) => setOpen({ kind: "send", project })} />
      )}
      {open?.kind === "edit" && <ProjectDialog project={open.project} onClose={() => setOpen(null)} onDone={() => setOpen(null)} />}
      {open?.kind === "before" && <RemoveBeforeDialog project={open.project} onClose={() => setOpen(null)} />}
      {open?.kind === "send" && (
        <Dialog title={`${open.project.name} is ready`} size="l" onClose={() => setOpen(null)} footer={<Button onClick={() => navigate(places.project(open.project.id))}>Open the project</Button>}>
          <Onboarding project={open.project} />
        </Dialog>
      )}
    </section>
  );
}

/** The same sorting is the same object from render to render. */
function useSame(sorting: Sorting): Sorting {
  const kept = useRef(sorting);
  if (written(kept.current) !== written(sorting)) kept.current = sorting;
  return kept.current;
}

/** The time range of the URL, for links that keep it. */
function rangeOf(query: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of ["timeRangeKey", "timeRangeStart", "timeRangeEnd"]) {
    const value = query.get(name);
    if (value) kept.set(name, value);
  }
  const text = kept.toString();
  return text && `?${text}`;
}

/** Searches as one types; the URL follows after a moment. */
function SearchField({ field, initial }: { field: React.RefObject<HTMLInputElement>; initial: string }): JSX.Element {
  const [text, setText] = useState(initial);
  const lastWritten = useRef(initial);
  useEffect(() => {
    if (initial === lastWritten.current) return;
    lastWritten.current = initial;
    setText(initial);
  }, [initial]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === lastWritten.current) return undefined;
    const timer = setTimeout(() => {
      lastWritten.current = wanted;
      setQuery({ search: wanted || null, page: null });
    }, 180);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="projects-search">
      <Input
        ref={field}
        type="search"
        icon="search"
        aria-label="Search projects"
        placeholder="Search projects"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") field.current?.blur();
        }}
      />
    </div>
  );
}

function Pager({ page, shown, count, hasNext }: { page: number; shown: number; count: number | undefined; hasNext: boolean }): JSX.Element {
  const to = (next: number): void => setQuery({ page: next > 0 ? String(next + 1) : null }, { replace: false });
  return (
    <nav className="projects-pager" aria-label="Pages">
      <Button icon="chevron-left" disabled={page === 0} onClick={() => to(page - 1)}>
        Previous
      </Button>
      <span className="dim">
        {integer(page * PAGE + 1)}–{integer(page * PAGE + shown)}
        {count !== undefined && ` of ${integer(count)}`}
      </span>
      <Button disabled={!hasNext} onClick={() => to(page + 1)}>
        Next
      </Button>
    </nav>
  );
}

function Failed({ message, retry }: { message: string; retry: () => void }): JSX.Element {
  return (
    <EmptyState icon="error" title="The projects could not be fetched" actions={<Button onClick={retry}>Try again</Button>}>
      <p>{message}</p>
    </EmptyState>
  );
}
