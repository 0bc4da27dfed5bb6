import { url } from "../../../base/boot";
import type { Role } from "./preview";

export type UploadAction = "create" | "append" | "update";

export interface Upload {
  readonly file: File;
  readonly format: "csv" | "jsonl";
  readonly name: string;
  readonly description: string;
  readonly action: UploadAction;
  readonly roles: Readonly<Record<string, Role>>;
  /** Columns of objects whose keys become keys of the example. */
  readonly opened: readonly string[];
}

export interface Uploaded {
  readonly dataset_id: string;
  readonly version_id: string;
  readonly num_created_examples: number;
  readonly num_updated_examples: number;
  readonly num_deleted_examples: number;
}

export function formOf({ file, format, name, description, action, roles, opened }: Upload): FormData {
  const form = new FormData();
  form.append("action", action);
  form.append("name", name);
  if (description !== "") form.append("description", description);
  const lists = { input: "input_keys[]", output: "output_keys[]", metadata: "metadata_keys[]" } as const;
  for (const [column, role] of Object.entries(roles)) {
    if (role === "input" || role === "output" || role === "metadata") form.append(lists[role], column);
    else if (role === "split") form.append("split_key", column);
    else if (role === "id") form.append("example_id_key", column);
  }
  for (const column of opened) form.append("flatten_keys[]", column);
  // Browsers do not know JSON lines, and each system has its own name for CSV.
  form.append("file", new Blob([file], { type: format === "csv" ? "text/csv" : "application/jsonl" }), file.name);
  return form;
}

/** Sends a file and tells how far it is, 0 to 1. Nothing is stored unless it resolves. */
export function sendUpload(upload: Upload, onProgress: (share: number) => void, signal: AbortSignal): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    // Unlike fetch it tells how much has been sent.
    const request = new XMLHttpRequest();
    request.open("POST", url("/v1/datasets/upload?sync=true"));
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0));
    request.addEventListener("load", () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300 && body?.data) resolve(body.data);
      else reject(new Error(refusal(body?.detail) ?? (request.responseText && !body ? request.responseText.slice(0, 400) : `The server answered ${request.status}.`)));
    });
    request.addEventListener("error", () => reject(new Error("The server does not answer. Nothing was stored.")));
    request.addEventListener("abort", () => reject(new Error("Given up.")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(formOf(upload));
  });
}

function parsed(text: string): { readonly data?: Uploaded; readonly detail?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly data?: Uploaded };
  } catch {
    return undefined;
  }
}

const refusal = (detail: unknown): string | undefined =>
  typeof detail === "string" ? detail
  : Array.isArray(detail) ? detail.map((one: { readonly msg?: unknown } | null) => (typeof one?.msg === "string" ? one.msg : JSON.stringify(one))).join(" · ")
  : undefined;
