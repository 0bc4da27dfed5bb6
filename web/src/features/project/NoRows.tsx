import { setPreset, useTimeRange } from "../../base/timerange";
import { Button } from "../../parts/Button";
import { EmptyState } from "../../parts/EmptyState";
import { Skeleton } from "../../parts/Skeleton";
import { Onboarding } from "../projects/Onboarding";
import { selectsRoots, withRoots } from "./filter/facets";
import { useCheck } from "./filter/useCheck";
import { Misspellings } from "./filter/Misspellings";
import type { TabState } from "./table/useTabState";

/** Why there is nothing to see, and the way out: no spans at all, a filter that cannot be read, a filter or a time range too narrow, a span that is no root. */
export function NoRows({ state }: { readonly state: TabState }): JSX.Element {
  const { project, language, condition, setCondition } = state;
  const { thing } = language;
  const { key, label } = useTimeRange();
  const verdict = useCheck(language, project.id, condition, false);
  if (project.isPending) return <Skeleton lines={6} />;
  if (!project.hasTraces) return <Onboarding project={project} />;
  if (verdict?.isValid === false) {
    return (
      <EmptyState icon="filter" title="This filter cannot be read" actions={<Button onClick={() => setCondition(language.usual)}>Drop the filter</Button>}>
        <p>
          <code>{condition}</code>
        </p>
        <p>{verdict.errorMessage}</p>
      </EmptyState>
    );
  }
  const isRootOnly = language.key === "SPAN" && selectsRoots(condition);
  const rest = isRootOnly ? withRoots(condition, false) : condition;
  const isNarrowInTime = key !== "all";
  /** More time helps unless a condition on root spans kept the others out. */
  const isTimeFirst = isNarrowInTime && (!isRootOnly || rest === "");
  return (
    <EmptyState
      icon="search"
      title={`No ${thing}s here`}
      actions={
        <>
          {isRootOnly && (
            <Button variant={isTimeFirst ? "plain" : "primary"} onClick={() => setCondition(rest)}>
              Look at all spans
            </Button>
          )}
          {isNarrowInTime && (
            <Button variant={isTimeFirst ? "primary" : "plain"} icon="clock" onClick={() => setPreset("all")}>
              Look at all time
            </Button>
          )}
          {rest !== "" && <Button icon="filter" onClick={() => setCondition(language.usual)}>Drop the filter</Button>}
        </>
      }
    >
      <p>
        No {isRootOnly ? "root span" : thing}
        {rest !== "" && <> that matches <code className="nr-condition">{rest}</code></>}
        {isNarrowInTime ? ` in this time range (${label.toLowerCase()})` : ""}.
      </p>
      {language.key === "SPAN" && rest !== "" && <Misspellings projectId={project.id} condition={condition} onCorrect={setCondition} />}
    </EmptyState>
  );
}
