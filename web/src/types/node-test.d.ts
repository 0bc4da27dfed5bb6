// The slice of Node's test runner that unit tests use.
declare module "node:test" {
  export default function test(name: string, run: () => void | Promise<void>): void;
}
declare module "node:assert/strict" {
  const assert: {
    ok(value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    doesNotThrow(run: () => unknown): void;
    match(text: string, pattern: RegExp): void;
    throws(run: () => unknown, expected?: RegExp | (new (...args: never[]) => Error)): void;
    match(text: string, pattern: RegExp, message?: string): void;
    doesNotMatch(text: string, pattern: RegExp, message?: string): void;
    doesNotThrow(run: () => unknown): void;
    notDeepEqual(actual: unknown, expected: unknown, message?: string): void;
    rejects(run: Promise<unknown> | (() => Promise<unknown>), expected?: RegExp): Promise<void>;
  };
  export default assert;
}
