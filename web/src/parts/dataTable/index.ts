export { DataTable, type DataTableProps } from "./DataTable";
export type { TableColumn, TableExpansion, TableSelection, TableSort } from "./types";
