import { lazy } from "react";
import type { Route } from "./base/router";

const Home = lazy(() => import("./shell/HomePage"));
const Redirect = lazy(() => import("./shell/RedirectPage"));
const Later = lazy(() => import("./shell/LaterPage"));
const Project = lazy(() => import("./features/project"));
const Projects = lazy(() => import("./features/projects/ProjectsPage"));
const Dashboards = lazy(() => import("./features/dashboards/DashboardsPage"));
const Datasets = lazy(() => import("./features/datasets/DatasetsPage"));
const Dataset = lazy(() => import("./features/datasets/DatasetPage"));
const RedirectExample = lazy(() => import("./features/datasets/RedirectExamplePage"));
const Api = lazy(() => import("./features/apis/ApiPage"));
const Settings = lazy(() => import("./features/settings/SettingsPage"));

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
