export { default } from "./Metrics";
