export { findInJson, pathText } from "./find";
export { jsonText, type Json } from "./json";
export { JsonView } from "./JsonView";
