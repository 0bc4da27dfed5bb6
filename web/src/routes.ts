import { lazily } from "./base/lazily";
import type { Route } from "./base/router";

const Home = lazily(() => import("./shell/HomePage"));
const Redirect = lazily(() => import("./shell/RedirectPage"));
const Later = lazily(() => import("./shell/LaterPage"));
const Project = lazily(() => import("./features/project"));
const Projects = lazily(() => import("./features/projects/ProjectsPage"));
const Dashboards = lazily(() => import("./features/dashboards/DashboardsPage"));
const Datasets = lazily(() => import("./features/datasets/DatasetsPage"));
const Dataset = lazily(() => import("./features/datasets/DatasetPage"));
const RedirectExample = lazily(() => import("./features/datasets/RedirectExamplePage"));
const Api = lazily(() => import("./features/apis/ApiPage"));
const Settings = lazily(() => import("./features/settings/SettingsPage"));

/** Every page by its path; the first match counts. Routes that share a component keep it mounted between them. */
export const routes: readonly Route[] = [
  { pattern: "/", component: Home },
  { pattern: "/projects", component: Projects },
  { pattern: "/projects/:projectId/*", component: Project },
  { pattern: "/redirects/datasets/:datasetId/examples/:externalId", component: RedirectExample },
  { pattern: "/redirects/:kind/:id", component: Redirect },
  { pattern: "/dashboards", component: Dashboards },
  { pattern: "/dashboards/projects/:projectId", component: Dashboards },
  { pattern: "/datasets", component: Datasets },
  { pattern: "/datasets/:datasetId/experiments", component: Later },
  { pattern: "/datasets/:datasetId/compare", component: Later },
  { pattern: "/datasets/:datasetId/*", component: Dataset },
  { pattern: "/prompts/*", component: Later },
  { pattern: "/playground/*", component: Later },
  { pattern: "/evaluators/*", component: Later },
  { pattern: "/apis/:api", component: Api },
  { pattern: "/settings/*", component: Settings },
  { pattern: "/profile/*", component: Settings },
];
