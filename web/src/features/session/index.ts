export { SessionDrawer } from "./SessionDrawer";
export { SessionPage } from "./SessionPage";
