import type { ComponentType } from "react";
import { lazily } from "../../base/lazily";
import { match, useLocation } from "../../base/router";
import { PageHeader } from "../../parts/PageHeader";
import { Tabs } from "../../parts/Tabs";
import { GeneralSettings } from "./GeneralSettings";
import { Preferences } from "./Preferences";

interface SettingsTab {
  readonly path: string;
  readonly label: string;
  readonly component: ComponentType;
}

const TABS: readonly SettingsTab[] = [
  { path: "/settings/general", label: "General", component: GeneralSettings },
  { path: "/settings/models", label: "Models", component: lazily(() => import("./models/ModelsSettings")) },
  { path: "/settings/annotations", label: "Annotations", component: lazily(() => import("../annotations/AnnotationSettings")) },
  { path: "/settings/datasets", label: "Datasets", component: lazily(() => import("../datasets/settings/DatasetSettings")) },
  { path: "/profile/preferences", label: "Preferences", component: Preferences },
];

/** What can be set: of the server under /settings, of this browser under /profile. */
export default function SettingsPage(): JSX.Element {
  const { path } = useLocation();
  // Any other address below one of the two shows its first page.
  const current = TABS.find((tab) => match(tab.path, path)) ?? TABS.find((tab) => tab.path.startsWith(`${path.split("/", 2).join("/")}/`))!;
  const { component: Content } = current;
  return (
    <div className="settings">
      <PageHeader crumbs={[{ label: "Settings", to: "/settings/general" }, { label: current.label }]} />
      <Tabs label="Settings" current={current.path} tabs={TABS.map((tab) => ({ id: tab.path, label: tab.label, to: tab.path }))} />
      <Content />
    </div>
  );
}
