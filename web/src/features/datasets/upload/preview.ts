/** What the beginning of a file shows of it: its columns and some rows. */
export interface Preview {
  readonly format: "csv" | "jsonl";
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns whose values are objects, which can be opened into their keys. */
  readonly objects: ReadonlySet<string>;
}

/** How much of a file is read to show it. */
export const PREVIEW_BYTES = 512 * 1024;
const ROWS = 20;

/** Reads the beginning of a file. Throws a sentence when it is none of the formats. */
export function previewOf(name: string, text: string, isWhole: boolean): Preview {
  const clean = text.replace(/^\uFEFF/u, "");
  if (clean.trim() === "") throw new Error("The file is empty.");
  return /\.(jsonl|ndjson|json)$/iu.test(name) || (!/\.(csv|tsv|txt)$/iu.test(name) && clean.trimStart().startsWith("{")) ? jsonLines(clean, isWhole) : csv(clean, isWhole);
}

function jsonLines(text: string, isWhole: boolean): Preview {
  const lines = text.split(/\r?\n/u);
  if (!isWhole) lines.pop();
  const found: Record<string, unknown>[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`Line ${at + 1} is no JSON. The file needs one JSON object a line.`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`Line ${at + 1} is no JSON object.`);
    found.push(value as Record<string, unknown>);
    if (found.length >= ROWS) break;
  }
  if (found.length === 0) throw new Error(isWhole ? "The file has no lines." : "The first line is too long to be shown.");
  const columns = [...new Set(found.flatMap((row) => Object.keys(row)))];
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    format: "jsonl", columns,
    rows: found.map((row) => columns.map((column) => (row[column] === undefined ? "" : typeof row[column] === "string" ? (row[column] as string) : JSON.stringify(row[column])))),
    objects: new Set(columns.filter((column) => found.some((row) => isObject(row[column])) && found.every((row) => row[column] === undefined || row[column] === null || isObject(row[column])))),
  };
}

function csv(text: string, isWhole: boolean): Preview {
  const records = csvRecords(text, ROWS + 1, isWhole);
  const [head, ...rows] = records;
  if (head === undefined || head.every((one) => one.trim() === "")) throw new Error("The first line has to name the columns.");
  const twice = head.find((one, at) => head.indexOf(one) !== at);
  if (twice !== undefined) throw new Error(`The column “${twice}” is there twice.`);
  const ragged = rows.findIndex((row) => row.length !== head.length);
  if (ragged >= 0) throw new Error(`Row ${ragged + 2} has ${rows[ragged]?.length} values, the head has ${head.length}.`);
  return { format: "csv", columns: head, rows, objects: new Set() };
}

/** The first records of a text in CSV (RFC 4180): quotes may hold commas, line ends and doubled quotes. */
export function csvRecords(text: string, most: number, isWhole: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let isQuoted = false;
  let at = 0;
  const endRecord = (): void => {
    record.push(field);
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
    field = "";
  };
  for (; at < text.length && records.length < most; at += 1) {
    const letter = text[at];
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && field === "") isQuoted = true;
    else if (letter === ",") {
      record.push(field);
      field = "";
    } else if (letter === "\n") endRecord();
    else if (letter !== "\r" || text[at + 1] !== "\n") field += letter;
  }
  if (isWhole && records.length < most && (field !== "" || record.length > 0)) endRecord();
  return records;
}

export type Role = "input" | "output" | "metadata" | "split" | "id" | "none";

const USUAL: Readonly<Record<string, Role>> = {
  input: "input", query: "input", question: "input", prompt: "input",
  output: "output", reference: "output", response: "output", expected: "output", original: "output", answer: "output",
  metadata: "metadata", split: "split", splits: "split", group: "split", id: "id", example_id: "id", external_id: "id",
};

/** What the columns of a file probably are, by their names: `input.question` is an input, too. */
export function usualRoles(columns: readonly string[]): Readonly<Record<string, Role>> {
  const roles: Record<string, Role> = {};
  const taken = new Set<Role>();
  for (const column of columns) {
    const role = USUAL[column.toLowerCase()] ?? USUAL[column.toLowerCase().split(".")[0] ?? ""] ?? "none";
    // There is one column for ids and one for splits.
    const isSingle = role === "id" || role === "split";
    roles[column] = isSingle && taken.has(role) ? "none" : role;
    taken.add(role);
  }
  const first = columns.find((column) => roles[column] === "none");
  if (!taken.has("input") && first !== undefined) roles[first] = "input";
  return roles;
}
