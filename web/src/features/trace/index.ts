export { ComparePage } from "./compare/ComparePage";
export { setTraceNeighbours, type TraceNeighbours } from "./neighbours";
export { TraceDrawer, type TraceProps } from "./TraceDrawer";
