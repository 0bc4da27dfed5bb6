import { asText, at, isObject, listAt, numberAt, parseContainer, textAt, type Json, type JsonObject } from "./attributes";

export interface Document {
  readonly id: string | undefined;
  readonly content: string;
  readonly score: number | undefined;
  readonly metadata: JsonObject;
}

export function documentsAt(attributes: JsonObject, path: string): readonly Document[] {
  return listAt(attributes, path).map((item) => {
    const d = at(item, "document") ?? item;
    const raw = at(d, "metadata"), metadata = typeof raw === "string" ? parseContainer(raw) : raw;
    return { id: textAt(d, "id"), content: contentOf(d), score: numberAt(d, "score"), metadata: isObject(metadata) ? metadata : {} };
  });
}

const contentOf = (d: Json): string => { const content = at(d, "content"); return content === undefined && !isObject(d) ? asText(d) : asText(content); };

export interface RankedDocument {
  readonly document: Document;
  /** From 0; undefined where the document was not among those. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * Finds the documents of before among those of after, by id and else by content: first what came out, in its order,
 * then what was dropped.
 */
export function alignDocuments(before: readonly Document[], after: readonly Document[]): readonly RankedDocument[] {
  const free = new Map<string, number[]>();
  const add = (key: string, i: number): void => { const list = free.get(key); if (list) list.push(i); else free.set(key, [i]); };
  before.forEach((d, i) => { if (d.id !== undefined) add(`id ${d.id}`, i); add(`text ${d.content}`, i); });
  const used = new Set<number>();
  const take = (key: string): number | undefined => { const i = free.get(key)?.find((k) => !used.has(k)); if (i !== undefined) used.add(i); return i; };
  const out: RankedDocument[] = after.map((document, rank) => {
    const from = (document.id !== undefined ? take(`id ${document.id}`) : undefined) ?? take(`text ${document.content}`);
    return { document, before: from, after: rank };
  });
  before.forEach((document, i) => { if (!used.has(i)) out.push({ document, before: i, after: undefined }); });
  return out;
}
