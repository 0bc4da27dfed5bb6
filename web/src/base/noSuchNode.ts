import type { RequestFailure } from "./graphql";

/** How the server tells that an id names nothing; any other refusal may pass. */
const WORDS = /^(There is no \w+ with the id|Unknown node|Invalid node id)/u;

export const isNoSuchNode = (error: RequestFailure): boolean => error.kind === "refused" && WORDS.test(error.message);
