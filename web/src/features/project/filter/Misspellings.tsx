import { useQuery } from "../../../base/cache";
import { AnalyzeSpanFilter } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { tokens } from "./tokens";

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
      {found.map(({ name, field }) => (
        <p key={name}>
          <code>{name}</code> is not a field, so it is looked for among the attributes.{" "}
          <Button size="s" onClick={() => onCorrect(renamed(condition, name, field))}>
            Filter by {field}
          </Button>
        </p>
      ))}
    </>
  );
}

/** The condition with another name in the place of one; strings stay as they are. */
function renamed(condition: string, name: string, other: string): string {
  const found = (tokens(condition) ?? []).filter((token) => token.type === "name" && token.text === name);
  return found.reduceRight((text, token) => text.slice(0, token.from) + other + text.slice(token.to), condition);
}
