import * as format from "../../base/format";
import type { SessionHeadData } from "../../generated/graphql";
import { visibleText } from "../../parts/text/visible";

type Session = Extract<SessionHeadData["node"], { readonly __typename: "ProjectSession" }>;

/** What a session amounts to. */
export function SessionFigures({ session }: { readonly session: Session }): JSX.Element {
  const { tokenUsage, costSummary, numTracesWithError: failed } = session;
  const lasted = Date.parse(session.endTime) - Date.parse(session.startTime);
  return (
    <dl className="session-figures">
      <Figure label="Turns" value={format.integer(session.numTraces)} detail={failed > 0 ? `${format.integer(failed)} with errors` : ""} isBad={failed > 0} />
      <Figure
        label="Tokens"
        value={format.tokens(tokenUsage.total)}
        detail={tokenUsage.total > 0 ? `${format.tokens(tokenUsage.prompt)} prompt, ${format.tokens(tokenUsage.completion)} completion` : ""}
      />
      <Figure
        label="Cost"
        value={format.cost(costSummary.total.cost)}
        detail={costSummary.total.cost ? `${format.cost(costSummary.prompt.cost)} prompt, ${format.cost(costSummary.completion.cost)} completion` : ""}
      />
      <Figure label="Latency p50" value={format.duration(session.p50)} />
      <Figure label="Duration" value={format.duration(lasted)} detail={`since ${format.time(session.startTime)}`} />
      {session.userId && <Figure label="User" value={visibleText(session.userId)} />}
    </dl>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
  readonly isBad?: boolean;
}

function Figure({ label, value, detail = "", isBad = false }: FigureProps): JSX.Element {
  return (
    <div className="session-figure">
      <dt>{label}</dt>
      <dd>
        <b>{value}</b> {detail && <span className={isBad ? "turn-failed" : "dim"}>{detail}</span>}
      </dd>
    </div>
  );
}
