import { Component, type ReactNode } from "react";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { EmptyState } from "./EmptyState";

interface Props {
  /** A change of it clears the error. */
  readonly resetKey?: string;
  /** What to show instead of saying what went wrong, where the page does as well without it. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/** Keeps an error of what it holds to its own place. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    // A chunk that does not load although the server answers: most likely another version took its place.
    const isChunk = /dynamically imported module|Importing a module script failed/i.test(error.message);
    return (
      <EmptyState
        icon="error"
        title={isChunk ? "This page could not be loaded" : "Something went wrong on this page"}
        actions={
          <>
            <Button variant="primary" onClick={() => (isChunk ? location.reload() : this.setState({ error: null }))}>
              {isChunk ? "Reload" : "Try again"}
            </Button>
            <CopyButton text={`${error.message}\n\n${error.stack ?? ""}\n\n${location.href}`} label="Copy details" isText />
          </>
        }
      >
        <p>{error.message}</p>
      </EmptyState>
    );
  }
}
