import { Button } from "../../../parts/Button";
import { Checkbox } from "../../../parts/Checkbox";
import { IconButton } from "../../../parts/IconButton";
import { Popover } from "../../../parts/Popover";
import type { ColumnShape } from "./columnLayout";
import type { Columns } from "./useColumns";

/** Shows, hides and orders columns, without dragging. */
export function ColumnsMenu<Shape extends ColumnShape & { readonly title: string }>({ columns }: { readonly columns: Columns<Shape> }): JSX.Element {
  const { layout, all } = columns;
  return (
    <Popover label="Columns" placement="bottom-end" className="cm" trigger={(props) => <Button {...props} variant="quiet" size="s" icon="columns">Columns</Button>}>
      {() => (
        <>
          <ul className="cm-list">
            {layout.order.map((key) => {
              const column = all.find((one) => one.key === key);
              if (column === undefined) return null;
              return (
                <li key={key}>
                  <Checkbox isChecked={!layout.hidden.includes(key)} disabled={column.isFixed === true} onChange={() => columns.toggle(key)}>
                    {column.title}
                  </Checkbox>
                  <IconButton size="s" icon="arrow-up" label={`Move ${column.title} left`} onClick={() => columns.nudge(key, -1)} />
                  <IconButton size="s" icon="arrow-down" label={`Move ${column.title} right`} onClick={() => columns.nudge(key, 1)} />
                </li>
              );
            })}
          </ul>
          <Button variant="quiet" size="s" disabled={!columns.isChanged} onClick={columns.reset}>
            As they were
          </Button>
        </>
      )}
    </Popover>
  );
}
