import { lazy } from "react";
import type { Route } from "./base/router";

const Redirect = lazy(() => import("./shell/RedirectPage"));
const Project = lazy(() => import("./features/project"));
const Projects = lazy(() => import("./features/projects/ProjectsPage"));

/** Every page by its path; the first match counts. Routes that share a component keep it mounted between them. */
export const routes: readonly Route[] = [
  { pattern: "/", component: Projects },
  { pattern: "/projects", component: Projects },
  { pattern: "/projects/:projectId/*", component: Project },
  { pattern: "/redirects/:kind/:id", component: Redirect },
];
