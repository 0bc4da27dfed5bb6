import { useReducer } from "react";
import { highlight } from "./highlight";
import { forgetFilter } from "./history";
import type { Language } from "./languages";
import type { Offer } from "./offers";

interface OfferListProps {
  readonly id: string;
  readonly isOpen: boolean;
  readonly offers: readonly Offer[];
  readonly chosen: number;
  readonly language: Language;
  readonly onAccept: (offer: Offer) => void;
  readonly onForget: () => void;
}

/** The list below the filter field. The field keeps the focus; Delete's place is taken by a small button on what was used before. */
export function OfferList({ id, isOpen, offers, chosen, language, onAccept, onForget }: OfferListProps): JSX.Element {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const isShown = isOpen && offers.length > 0;
  return (
    <div className="ff-offers" hidden={!isShown}>
      <div id={id} className="ff-list" role="listbox" aria-label="Completions">
        {offers.map((offer, at) => {
          const isFirst = offers[at - 1]?.group !== offer.group;
          return (
            // The field, which keeps the focus, listens to the keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={offer.key}
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === chosen}
              data-group={isFirst ? offer.group : undefined}
              ref={(element) => {
                if (at === chosen) element?.scrollIntoView({ block: "nearest" });
              }}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onAccept(offer)}
            >
              <code className="ff-offer ellipsis">
                {highlight(offer.text).map((piece, index) => (
                  <span key={index} data-type={offer.group === "Search" ? "string" : piece.type}>{piece.text}</span>
                ))}
              </code>
              <span className="ff-note">{offer.note}</span>
              {offer.group === "Recent" && (
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <span
                  className="ff-forget"
                  aria-hidden="true"
                  title="Forget this condition"
                  onClick={(event) => {
                    event.stopPropagation();
                    forgetFilter(language, offer.insert);
                    redraw();
                    onForget();
                  }}
                >
                  ×
                </span>
              )}
            </div>
          );
        })}
      </div>
      <p className="ff-keys" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Tab</kbd> complete · <kbd>↵</kbd> apply · <kbd>Esc</kbd> leave
      </p>
    </div>
  );
}
