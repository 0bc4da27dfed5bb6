interface Figure {
  readonly label: string;
  /** Null while it is not known. */
  readonly value: string | null | undefined;
  readonly title?: string | undefined;
}

interface FiguresProps {
  readonly label: string;
  readonly figures: readonly Figure[];
  readonly error: string | null;
  readonly isOld: boolean;
}

/** Numbers with their names. */
export function Figures({ label, figures, error, isOld }: FiguresProps): JSX.Element {
  if (error !== null) return <p className="pa-error" role="alert">{error}</p>;
  return (
    <dl className="pa-figures" aria-label={label} data-old={isOld || undefined}>
      {figures.map((figure) => (
        <div key={figure.label} title={figure.title}>
          <dt>{figure.label}</dt>
          <dd>{figure.value ?? <span className="pa-bone" />}</dd>
        </div>
      ))}
    </dl>
  );
}
