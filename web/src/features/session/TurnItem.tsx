import { memo, Suspense } from "react";
import * as format from "../../base/format";
import { lazily } from "../../base/lazily";
import { Link } from "../../base/router";
import { ErrorBoundary } from "../../parts/ErrorBoundary";
import { Skeleton } from "../../parts/Skeleton";
import { visibleText } from "../../parts/text/visible";
import { foldInput, foldOutput } from "./fold";
import { Said, type TextForm } from "./Said";
import type { TurnTexts } from "./useTexts";
import type { LoadedTurn } from "./turnList";

const TraceFeedback = lazily(() => import("../annotations/TraceFeedback"));

interface TurnItemProps {
  readonly projectId: string;
  readonly number: number;
  readonly turn: LoadedTurn;
  /** When the turn before ended. */
  readonly previousEnd: string | null;
  readonly texts: TurnTexts | undefined;
  readonly previousTexts: TurnTexts | undefined;
  readonly form: TextForm;
  readonly isCurrent: boolean;
  readonly traceLink: string;
  readonly onChoose: (number: number) => void;
}

/** A turn: what went in, what came out, and what it took. */
export const TurnItem = memo(function TurnItem(props: TurnItemProps): JSX.Element {
  const { projectId, number, turn, previousEnd, texts, previousTexts, form, isCurrent, traceLink, onChoose } = props;
  const hasFailed = turn.rootSpan?.statusCode === "ERROR";
  const gap = previousEnd === null ? null : Date.parse(turn.startTime) - Date.parse(previousEnd);
  return (
    <section className="turn" aria-label={`Turn ${number}`} aria-current={isCurrent || undefined}>
      <header className="turn-head">
        <button type="button" className="turn-number" onClick={() => onChoose(number)} aria-label={`Turn ${number}, choose`}>
          {number}
        </button>
        <span title={format.fullTime(turn.startTime)}>{format.time(turn.startTime)}</span>
        {gap !== null && gap > 0 && <span className="dim">after {format.duration(gap)}</span>}
        {turn.errorCount > 0 && <span className="turn-failed">{hasFailed ? "failed" : format.plural(turn.errorCount, "error")}</span>}
        <TurnNumbers turn={turn} />
        {texts && (
          <ErrorBoundary fallback={null}>
            <Suspense fallback={null}><TraceFeedback projectId={projectId} traceId={turn.traceId} name={`turn ${number}`} withChips /></Suspense>
          </ErrorBoundary>
        )}
        <Link className="turn-open" to={traceLink}>
          Trace<span className="sr"> of turn {number}</span>
        </Link>
      </header>
      {texts ? <TurnTextsView texts={texts} previous={previousTexts} form={form} user={turn.userId} /> : <Skeleton lines={4} label={`Loading turn ${number}`} />}
    </section>
  );
});

function TurnNumbers({ turn }: { readonly turn: LoadedTurn }): JSX.Element {
  const { rootSpan, costSummary } = turn;
  const tokens = rootSpan?.cumulativeTokenCountTotal ?? 0;
  const cost = costSummary.total.cost;
  return (
    <span className="turn-numbers">
      {tokens > 0 && (
        <span title={`${format.integer(rootSpan?.cumulativeTokenCountPrompt)} prompt, ${format.integer(rootSpan?.cumulativeTokenCountCompletion)} completion`}>
          {format.plural(tokens, "token")}
        </span>
      )}
      {cost !== null && cost > 0 && <span title={`${format.cost(costSummary.prompt.cost)} prompt, ${format.cost(costSummary.completion.cost)} completion`}>{format.cost(cost)}</span>}
      <span>{format.duration(turn.latencyMs)}</span>
    </span>
  );
}

interface TurnTextsViewProps {
  readonly texts: TurnTexts;
  readonly previous: TurnTexts | undefined;
  readonly form: TextForm;
  readonly user: string | null;
}

function TurnTextsView({ texts, previous, form, user }: TurnTextsViewProps): JSX.Element {
  const { input, output, raw, statusMessage } = texts;
  return (
    <div className="turn-body" title={user ? `User ${visibleText(user)}` : undefined}>
      {input ? (
        <Said label="Input" folded={foldInput(input, previous ?? { input: null, output: null })} raw={raw.input} form={form} speaker="user" />
      ) : (
        <p className="turn-nothing">No input was recorded.</p>
      )}
      {output ? (
        <Said label="Output" folded={foldOutput(output, input)} raw={raw.output} form={form} speaker="assistant" />
      ) : (
        <p className="turn-nothing">{statusMessage ? <span className="turn-failed">{statusMessage}</span> : "No output was recorded."}</p>
      )}
    </div>
  );
}
