import { visibleText } from "../../../parts/text/visible";
import { removeTerm } from "./facets";
import { highlight } from "./highlight";
import { parseTerms } from "./terms";

interface ChipsProps {
  readonly condition: string;
  readonly onChange: (condition: string) => void;
}

/** The parts of a condition, each of which can be taken away. */
export function Chips({ condition, onChange }: ChipsProps): JSX.Element | null {
  const terms = parseTerms(condition);
  if (terms.length === 0) return null;
  return (
    <ul className="ff-chips" aria-label="Conditions">
      {terms.map((term, index) => (
        <li key={`${index} ${term.source}`} className="ff-chip">
          <code className="ellipsis" title={visibleText(term.source)}>
            {highlight(term.source).map((piece, at) => (
              <span key={at} data-type={piece.type}>{visibleText(piece.text)}</span>
            ))}
          </code>
          <button type="button" aria-label={`Remove ${visibleText(term.source)}`} onClick={() => onChange(removeTerm(condition, index))}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
