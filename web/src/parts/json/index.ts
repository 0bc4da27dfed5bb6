export { findInJson, pathText } from "./find";
export { jsonText, parseJson, type Json } from "./json";
export { JsonView } from "./JsonView";
