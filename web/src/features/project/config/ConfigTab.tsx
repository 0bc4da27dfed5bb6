import { Suspense, useState } from "react";
import { useMutation } from "../../../base/cache";
import { lazily } from "../../../base/lazily";
import { usePreference } from "../../../base/preferences";
import { ConfigureProject } from "../../../generated/graphql";
import { Button } from "../../../parts/Button";
import { CopyButton } from "../../../parts/CopyButton";
import { Field } from "../../../parts/Field";
import { GradientPicker } from "../../../parts/gradient/GradientPicker";
import { Input, TextArea } from "../../../parts/Input";
import { Select } from "../../../parts/Select";
import { Skeleton } from "../../../parts/Skeleton";
import { toast } from "../../../parts/Toast";
import { TABS, useProject, type TabName } from "../projectContext";
import { DataSection } from "./DataSection";
import { oneOfProject } from "./defaultTab";

const ProjectConfigs = lazily(() => import("../../annotations/ProjectConfigs"));

const TAB_NAMES: Readonly<Record<TabName, string>> = { spans: "Spans", traces: "Traces", sessions: "Sessions", metrics: "Metrics", config: "Config" };

/** What can be set of a project, and the ways to be rid of its data. */
export function ConfigTab(): JSX.Element {
  const project = useProject();
  const [description, setDescription] = useState(project.description ?? "");
  const [start, setStart] = useState(project.gradientStartColor);
  const [end, setEnd] = useState(project.gradientEndColor);
  const [tab, setTab] = usePreference(oneOfProject(project.id));
  const { run, isSending, error } = useMutation(ConfigureProject, { invalidates: ["ProjectPage", "Projects"] });
  const isChanged = description !== (project.description ?? "") || start !== project.gradientStartColor || end !== project.gradientEndColor;

  const save = async (): Promise<void> => {
    const saved = await run({ input: { id: project.id, description, gradientStartColor: start, gradientEndColor: end } });
    if (saved) toast({ message: "Saved", tone: "good", ms: 1800 });
  };
  return (
    <div className="cf">
      <form
        className="cf-section"
        aria-label="Project"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>Project</h2>
        <div className="cf-name">
          <Field label="Name" hint="Spans name their project, so the name stays.">
            <Input value={project.name} readOnly />
          </Field>
          <CopyButton text={project.name} label="Copy the name" size="m" />
        </div>
        <Field label="Description">
          <TextArea rows={3} value={description} onChange={(event) => setDescription(event.target.value)} />
        </Field>
        <GradientPicker
          label="Colours"
          start={start}
          end={end}
          onChange={(from, to) => {
            setStart(from);
            setEnd(to);
          }}
        />
        <div className="cf-actions">
          <Button variant="primary" type="submit" disabled={!isChanged} isBusy={isSending}>
            Save
          </Button>
          {error && (
            <p className="field-error" role="alert">
              {error}
            </p>
          )}
        </div>
      </form>
      <section className="cf-section" aria-label="In this browser">
        <h2>In this browser</h2>
        <Field label="Opens with" hint="The tab that this project opens with.">
          <Select value={tab} options={TABS.filter((one) => one !== "config").map((one) => ({ value: one, label: TAB_NAMES[one] }))} onChange={setTab} />
        </Field>
      </section>
      <Suspense fallback={<Skeleton lines={3} label="Loading the configs" />}>
        <ProjectConfigs projectId={project.id} />
      </Suspense>
      <DataSection />
    </div>
  );
}
