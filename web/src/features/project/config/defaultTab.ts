import { isOneOf, preference, type Preference } from "../../../base/preferences";
import { TABS, type TabName } from "../projectContext";

/** The tab with which a project opens, as chosen in this browser. */
export const oneOfProject = (projectId: string): Preference<TabName> => preference<TabName>(`default-tab.${projectId}`, "spans", isOneOf(...TABS));
