import { useRef, type ReactNode } from "react";
import { integer } from "../../base/format";
import { useKeys } from "../../base/keys";
import { isBoolean, preference, usePreference } from "../../base/preferences";
import { streaming } from "../../base/timerange";
import { Button } from "../../parts/Button";
import { toast } from "../../parts/Toast";
import { Aside } from "./aside/Aside";
import { TopChart } from "./charts/TopChart";
import { FilterBar } from "./filter/FilterBar";
import type { ListTab } from "./projectContext";
import { DownloadMenu } from "./select/DownloadMenu";
import type { Count } from "./spans/useCount";
import type { ColumnShape } from "./table/columnLayout";
import { ColumnsMenu } from "./table/ColumnsMenu";
import type { Columns } from "./table/useColumns";
import type { TabState } from "./table/useTabState";

interface TabFrameProps<Shape extends ColumnShape & { readonly title: string }> {
  readonly tab: ListTab;
  readonly state: TabState;
  readonly count: Count;
  /** Whether the first rows are still being read. What is around the table asks for its numbers after them. */
  readonly isBusy: boolean;
  readonly columns: Columns<Shape>;
  readonly children: ReactNode;
}

const isWide = typeof innerWidth === "number" && innerWidth >= 1280;
const showsCharts = preference("project-charts", true, isBoolean);
const showsAside = preference("project-aside", isWide, isBoolean);

/** What is around the table of a tab: filter, chart, tools, and the panel at the side. */
export function TabFrame<Shape extends ColumnShape & { readonly title: string }>(props: TabFrameProps<Shape>): JSX.Element {
  const { tab, count, columns, children } = props;
  const { project, language, condition, setCondition, isReadable } = props.state;
  const { thing } = language;
  const hasRows = useRef(false);
  if (!props.isBusy) hasRows.current = true;
  const [, setIsFollowing] = usePreference(streaming);
  const [isChartShown, setIsChartShown] = usePreference(showsCharts);
  const [isAsideShown, setIsAsideShown] = usePreference(showsAside);
  useKeys([
    {
      keys: "l",
      label: "Follow what arrives",
      group: "Table",
      run: () => {
        setIsFollowing((old) => !old);
        toast({ message: streaming.get() ? "Following what arrives" : "No longer following", ms: 1800 });
      },
    },
    { keys: "c", label: "Show the chart", group: "Table", run: () => setIsChartShown((old) => !old) },
    { keys: "b", label: "Show the panel at the side", group: "Table", run: () => setIsAsideShown((old) => !old) },
  ]);
  if (!project.hasTraces) return <div className="tf">{children}</div>;
  return (
    <div className="tf" data-aside={isAsideShown || undefined}>
      <div className="tf-bar">
        <FilterBar language={language} projectId={project.id} condition={condition} onChange={setCondition} />
        <div className="tf-tools" role="toolbar" aria-label={`View of ${thing}s`}>
          <span className="tf-count" role="status" aria-label={`${count.isKnown ? "" : "At least "}${integer(count.value)} ${thing}s`}>
            {count.isKnown ? integer(count.value) : count.value > 1 ? `${integer(count.value - 1)}+` : "…"} <span>{count.value === 1 ? thing : `${thing}s`}</span>
          </span>
          <Button variant="quiet" size="s" icon="metrics" aria-pressed={isChartShown} title="Show the chart (c)" onClick={() => setIsChartShown(!isChartShown)}>
            Chart
          </Button>
          <ColumnsMenu columns={columns} />
          {tab !== "sessions" && <DownloadMenu tab={tab} condition={condition} />}
          <Button variant="quiet" size="s" icon="panel" aria-pressed={isAsideShown} title="Show the panel at the side (b)" onClick={() => setIsAsideShown(!isAsideShown)}>
            Panel
          </Button>
        </div>
      </div>
      <div className="tf-main">
        <div className="tf-list">
          {isChartShown && isReadable && (hasRows.current ? <TopChart tab={tab} condition={condition} /> : <div className="tc" />)}
          {children}
        </div>
        {isAsideShown && isReadable && (hasRows.current ? <Aside tab={tab} condition={condition} onCondition={setCondition} /> : <div className="pa" />)}
      </div>
    </div>
  );
}
