import { useState } from "react";
import { usePreference } from "../base/preferences";
import { PRESETS, setCustomRange, setPreset, streaming, useTimeRange } from "../base/timerange";
import { useTimeZone } from "../base/timeZone";
import { fromWall, toWall } from "../base/zones";
import { Button } from "./Button";
import { Field } from "./Field";
import { Icon } from "./Icon";
import { Input } from "./Input";
import { Popover } from "./Popover";
import { Tooltip } from "./Tooltip";

/** Chooses the stretch of time that a page is about, and whether it follows what arrives. */
export function TimeRangePicker(): JSX.Element {
  const { label } = useTimeRange();
  const [isLive, setLive] = usePreference(streaming);
  return (
    <div className="time-range" role="group" aria-label="Time range">
      <Popover
        label="Time range"
        placement="bottom-end"
        className="time-range-panel"
        trigger={(props) => (
          <Button icon="clock" {...props}>
            {label}
          </Button>
        )}
      >
        {(close) => <Panel close={close} />}
      </Popover>
      <Tooltip text={isLive ? "Follows what arrives. Press to hold still." : "Holds still. Press to follow what arrives."}>
        <Button aria-pressed={isLive} className="time-range-live" onClick={() => setLive(!isLive)}>
          Live
        </Button>
      </Tooltip>
    </div>
  );
}

function Panel({ close }: { close: () => void }): JSX.Element {
  const { key, range } = useTimeRange();
  const zone = useTimeZone();
  const shown = (at: string | null): string => (at ? new Date(toWall(Date.parse(at), zone)).toISOString().slice(0, 16) : "");
  const [start, setStart] = useState(() => shown(range.start));
  const [end, setEnd] = useState(() => shown(range.end));
  const instant = (wall: string): Date | null => (wall ? new Date(fromWall(Date.parse(`${wall}Z`), zone)) : null);
  const isReversed = start !== "" && end !== "" && start >= end;
  return (
    <>
      <ul className="time-range-presets">
        {[...PRESETS, { key: "all" as const, label: "All time" }].map((preset) => (
          <li key={preset.key}>
            <button
              type="button"
              className="time-range-preset"
              aria-current={preset.key === key}
              onClick={() => {
                setPreset(preset.key);
                close();
              }}
            >
              {preset.label}
              {preset.key === key && <Icon name="check" size={14} />}
            </button>
          </li>
        ))}
      </ul>
      <form
        className="time-range-custom"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReversed || (!start && !end)) return;
          setCustomRange(instant(start), instant(end));
          close();
        }}
      >
        <Field label="From">
          <Input type="datetime-local" value={start} onChange={(event) => setStart(event.target.value)} />
        </Field>
        <Field label="To" hint={end ? undefined : "Empty: until now"} error={isReversed ? "This is not after the start." : undefined}>
          <Input type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} />
        </Field>
        <p className="dim">{zone}</p>
        <Button type="submit" variant="primary" disabled={isReversed || (!start && !end)}>
          Apply
        </Button>
      </form>
    </>
  );
}
