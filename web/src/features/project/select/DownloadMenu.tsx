import { useTimeRange } from "../../../base/timerange";
import { IconButton } from "../../../parts/IconButton";
import { Menu } from "../../../parts/Menu";
import { useProject, type ListTab } from "../projectContext";
import { download, type DownloadFormat } from "./download";

interface DownloadMenuProps {
  readonly tab: ListTab;
  readonly condition: string;
}

/** Downloads everything that the filter and the time range select, whatever is loaded. */
export function DownloadMenu({ tab, condition }: DownloadMenuProps): JSX.Element {
  const project = useProject();
  const { range } = useTimeRange();
  const start = (format: DownloadFormat): void =>
    void download({ projectId: project.id, projectName: project.name, format, range, ...(tab === "traces" ? { traceFilter: condition } : { filter: condition }) });
  return (
    <Menu
      label="Download what the filter selects"
      items={[
        { id: "jsonl", label: "All of these as JSON lines", onSelect: () => start("jsonl") },
        { id: "otlp", label: "All of these as OTLP JSON", onSelect: () => start("otlp") },
      ]}
      trigger={(props) => <IconButton {...props} icon="download" label="Download what the filter selects" />}
    />
  );
}
