import { useQuery } from "../../../base/cache";
import { AnalyzeSpanFilter } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { renamed } from "./names";

interface MisspellingsProps {
  readonly projectId: string;
  readonly condition: string;
  readonly onCorrect: (condition: string) => void;
}

/** Names of a condition on spans that are no fields and very like one. Such a name is an attribute, and hence no error. */
export function Misspellings({ projectId, condition, onCorrect }: MisspellingsProps): JSX.Element | null {
  const { data } = useQuery(AnalyzeSpanFilter, { id: projectId, condition });
  const found = data?.node.__typename === "Project" ? data.node.analyzeSpanFilterCondition.likelyMisspellings : [];
  if (found.length === 0) return null;
  return (
    <>
      {found.map(({ name, meant }) => {
        const corrected = renamed(condition, name, meant);
        // It was written as an attribute.
        if (corrected === condition) return null;
        return (
          <p key={name} role="status">
            <code>{name}</code> is not a field, so it is looked for among the attributes.{" "}
            <Button size="s" onClick={() => onCorrect(corrected)}>
              Filter by {meant}
            </Button>
          </p>
        );
      })}
    </>
  );
}
