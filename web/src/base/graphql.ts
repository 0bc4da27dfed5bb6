import { url } from "./boot";
import { reportDisconnected } from "./connection";

/** An operation of `operations/*.graphql`, as the generated types have it. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly hash: string;
  readonly text: string;
  readonly data?: Data;
  readonly variables?: Variables;
}

export type FailureKind = "disconnected" | "refused" | "aborted";

/** A request that brought no data. `message` can be shown. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status = 0,
  ) {
    super(message);
  }
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/** Fetches from the server; what fails is a RequestFailure. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url(path), init);
  } catch {
    if (init.signal?.aborted) throw new RequestFailure("aborted", "The request was given up.");
    reportDisconnected();
    throw new RequestFailure("disconnected", "The server does not answer.", 0);
  }
}

/** Whether the server knows the operations of this build, so that their hashes are enough. */
let knowsHashes = true;
const URL_LENGTH_MAX = 4000;

async function byHash(hash: string, variables: unknown, init: RequestInit): Promise<Response | null> {
  const path = `/graphql?id=${hash}&variables=${encodeURIComponent(JSON.stringify(variables))}`;
  if (path.length > URL_LENGTH_MAX) return null;
  const answer = await ask(path, { headers: { accept: "application/json" }, cache: "no-store", ...init });
  const isShort = Number(answer.headers.get("content-length") ?? 0) < 200;
  const isUnknown = answer.status === 400 || (answer.ok && isShort && (await answer.clone().text()).includes('"PersistedQueryNotFound"'));
  if (isUnknown) knowsHashes = false;
  return isUnknown ? null : answer;
}

/**
 * Sends an operation. An answer with errors is a failure, unless data came as well: then the fields that failed are null, as
 * their types allow.
 */
export async function send<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: { readonly signal?: AbortSignal; readonly keepalive?: boolean } = {},
): Promise<Data> {
  const answer =
    (operation.kind === "query" && knowsHashes && (await byHash(operation.hash, variables, options))) ||
    (await ask("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ operationName: operation.name, query: operation.text, variables }),
      ...options,
    }));
  let body: Answer<Data>;
  try {
    body = (await answer.json()) as Answer<Data>;
  } catch {
    if (options.signal?.aborted) throw new RequestFailure("aborted", "The request was given up.");
    if (answer.status >= 502 && answer.status <= 504) {
      reportDisconnected();
      throw new RequestFailure("disconnected", "The server does not answer.", answer.status);
    }
    throw new RequestFailure("refused", `The server answered ${answer.status} without data.`, answer.status);
  }
  if (body.data && (operation.kind === "query" || !body.errors?.length)) return body.data;
  throw new RequestFailure("refused", body.errors?.map((e) => e.message).join(" · ") || `The server answered ${answer.status}.`, answer.status);
}
