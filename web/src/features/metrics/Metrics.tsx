import { useMemo, useState } from "react";
import { useQuery } from "../../base/cache";
import { setCustomRange, useTimeRange, type TimeRange } from "../../base/timerange";
import { useTimeZone } from "../../base/timeZone";
import { utcOffsetMinutes } from "../../base/zones";
import { ProjectExtent } from "../../generated/graphql";
import { ChartCursor, possibleScales } from "../../parts/charts";
import { Segmented } from "../../parts/Segmented";
import { Charts } from "./Charts";
import { Figures } from "./Figures";
import { useBinScale } from "./useBinScale";
import { useFreshMetrics } from "./useFreshMetrics";

/** The charts of a project over the chosen stretch of time. */
export default function Metrics({ projectId }: { readonly projectId: string }): JSX.Element {
  const { key, range } = useTimeRange();
  const zone = useTimeZone();
  const [cursor] = useState(() => new ChartCursor());
  useFreshMetrics(projectId);

  const isAll = range.start === null;
  const extent = useQuery(ProjectExtent, { id: projectId }, { skip: !isAll });
  const project = extent.data?.node.__typename === "Project" ? extent.data.node : null;
  const start = range.start ?? project?.startTime ?? null;
  const { end } = range;
  const bounded = useMemo<TimeRange | null>(() => (start === null ? null : { start, end }), [start, end]);

  const startMs = start === null ? 0 : Date.parse(start);
  const endMs = end === null ? Date.now() : Date.parse(end);
  const [scale, setScale] = useBinScale(startMs, endMs);
  const offset = utcOffsetMinutes(endMs, zone);
  const bins = useMemo(() => ({ scale, utcOffsetMinutes: offset }), [scale, offset]);

  if (!bounded) {
    return extent.isLoading ? (
      <div className="metrics" aria-busy="true" />
    ) : (
      <p className="metrics-empty">{extent.error?.message ?? "This project has no traces yet. Charts appear with the first one."}</p>
    );
  }
  return (
    <div className="metrics">
      <div className="metrics-top">
        <Figures projectId={projectId} range={bounded} isCompared={key !== "all"} />
        <Segmented
          label="Length of the bars"
          value={scale}
          options={possibleScales(startMs, endMs).map((one) => ({ value: one, label: SCALE_NAMES[one] }))}
          onChange={setScale}
        />
      </div>
      <Charts
        projectId={projectId}
        range={bounded}
        bins={bins}
        zone={zone}
        cursor={cursor}
        onBrush={(from, to) => setCustomRange(new Date(from), new Date(to))}
      />
    </div>
  );
}

const SCALE_NAMES = { MINUTE: "Minutes", HOUR: "Hours", DAY: "Days", WEEK: "Weeks", MONTH: "Months", YEAR: "Years" } as const;
