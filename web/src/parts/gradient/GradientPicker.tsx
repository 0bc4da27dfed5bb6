import { useId } from "react";
import { Gradient, GRADIENTS, sameColour } from "./Gradient";

interface GradientPickerProps {
  readonly label: string;
  readonly start: string;
  readonly end: string;
  readonly onChange: (start: string, end: string) => void;
}

/** Twelve pairs of colours to choose from, and two colours of one's own. */
export function GradientPicker({ label, start, end, onChange }: GradientPickerProps): JSX.Element {
  const name = useId();
  return (
    <fieldset className="gradient-picker">
      <legend>{label}</legend>
      <div className="gradient-presets">
        {GRADIENTS.map((one) => (
          <label key={one.name} className="gradient-preset" title={one.name}>
            <input type="radio" className="sr" name={name} aria-label={one.name} checked={sameColour(one.start, start) && sameColour(one.end, end)} onChange={() => onChange(one.start, one.end)} />
            <Gradient start={one.start} end={one.end} size={24} />
          </label>
        ))}
      </div>
      <div className="gradient-own">
        <label>
          <input type="color" value={start.slice(0, 7)} onChange={(event) => onChange(event.target.value, end)} /> From
        </label>
        <label>
          <input type="color" value={end.slice(0, 7)} onChange={(event) => onChange(start, event.target.value)} /> To
        </label>
      </div>
    </fieldset>
  );
}
