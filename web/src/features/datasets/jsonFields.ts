/** What is wrong with a text that has to be a JSON object; undefined when nothing is. */
export function objectFault(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "This has to be a JSON object, such as {\"text\": \"…\"}.";
  } catch (failure) {
    return `This is no JSON: ${failure instanceof Error ? failure.message : String(failure)}`;
  }
}

export const parsedObject = (text: string): unknown => JSON.parse(text.trim() === "" ? "{}" : text) as unknown;
