export { setTraceNeighbours, type TraceNeighbours } from "./neighbours";
export { TraceDrawer, type TraceProps } from "./TraceDrawer";
