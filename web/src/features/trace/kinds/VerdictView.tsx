import { score } from "../../../base/format";
import { LongText } from "../../../parts/text/LongText";
import { PlainText } from "../../../parts/text/PlainText";
import type { InfoProps } from "../detail/InfoTab";
import { numberAt, parseContainer, textAt, type JsonObject, isObject, asText, at } from "../model/attributes";
import { InputOutput, valueAt } from "./InputOutput";

/** A boolean as words, under the first of the keys that there is. */
function flag(from: JsonObject, yes: string, no: string, ...keys: readonly string[]): string | undefined {
  for (const key of keys) if (typeof from[key] === "boolean") return from[key] ? yes : no;
  return undefined;
}

/** Guardrails, evaluators and decisions: the verdict first, then what it was about. */
export function VerdictView(props: InfoProps): JSX.Element {
  const { attributes } = props;
  const output = parseContainer(valueAt(attributes, "output"));
  const from: JsonObject = { ...(isObject(output) ? output : {}), ...(isObject(at(attributes, "evaluation")) ? (at(attributes, "evaluation") as JsonObject) : {}) };
  const label = textAt(from, "label") ?? textAt(from, "outcome") ?? textAt(from, "verdict") ?? flag(from, "allowed", "not allowed", "allowed") ?? flag(from, "passed", "not passed", "passed", "validation_passed") ?? flag(from, "triggered", "not triggered", "triggered", "tripwire_triggered") ?? flag(from, "blocked", "not blocked", "blocked") ?? textAt(from, "result");
  const number = numberAt(from, "score"), why = asText(at(from, "explanation") ?? at(from, "reason") ?? at(from, "error_message"));
  return (
    <>
      {(label !== undefined || number !== undefined) && (
        <div className="verdict">
          {label !== undefined && <span className="verdict-label"><PlainText text={label.slice(0, 200)} /></span>}
          {number !== undefined && <span className="verdict-score">{score(number)}</span>}
          {why && <div className="verdict-why"><LongText text={why} limit={1500} /></div>}
        </div>
      )}
      <InputOutput {...props} />
    </>
  );
}
