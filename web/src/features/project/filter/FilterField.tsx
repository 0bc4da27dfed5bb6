import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from "react";
import { useKeys } from "../../../base/keys";
import { errorOffset, highlight } from "./highlight";
import { rememberFilter } from "./history";
import { checkNow, useCheck } from "./useCheck";
import { hint, type Language } from "./languages";
import { OfferList } from "./OfferList";
import { isPlainText, searchOffer, take, type Offer } from "./offers";
import { useOffers } from "./useOffers";

export interface FilterFieldProps {
  readonly language: Language;
  readonly projectId: string;
  /** The condition in force. */
  readonly condition: string;
  readonly onApply: (condition: string) => void;
  /** What stands in the field while nobody types. */
  readonly children: ReactNode;
}

/**
 * A one-line editor of a condition: coloured as it is typed, completed by the server, checked as it stands.
 *
 * Enter applies a condition that can be read; Escape returns to the one in force. Tab completes what is being typed; while
 * nothing is, it goes on to the next control. What was typed and not applied stays in the field when it loses the focus.
 */
export function FilterField({ language, projectId, condition, onApply, children }: FilterFieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const colours = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const [cursor, setCursor] = useState(0);
  const [isFocused, setIsFocused] = useState(false);
  const [isListOpen, setIsListOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [refusal, setRefusal] = useState<string | null>(null);
  const list = useId();
  const message = useId();
  const keys = useId();

  const isEditing = draft !== null;
  const text = draft ?? condition;
  const verdict = useCheck(language, projectId, text, isFocused);
  const offers = useOffers(language, projectId, text, cursor, isFocused && isListOpen, verdict);
  const active = isListOpen ? offers[chosen] : undefined;
  const completion = isListOpen && text !== condition ? offers.find((offer) => !offer.isWhole) : undefined;
  const error = verdict?.isValid === false && text.trim() !== "" && (!isFocused || refusal === text || offers.length === 0) ? (verdict.errorMessage ?? "This condition cannot be read.") : null;
  const help = error === null ? "" : hint(language, text, error);
  const warning = error === null && verdict?.isValid ? verdict.warnings[0] : undefined;

  // Another condition came into force by other means.
  useEffect(() => setDraft((known) => (document.activeElement === input.current ? known : null)), [condition]);
  useEffect(() => setChosen(-1), [text, cursor]);

  const edit = (next: string, at: number): void => {
    setDraft(next);
    setCursor(at);
    setIsListOpen(true);
    setRefusal(null);
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(at, at);
      scrollAlong();
    });
  };
  const scrollAlong = (): void => {
    if (input.current && colours.current) colours.current.scrollLeft = input.current.scrollLeft;
  };
  /** Puts a condition into force. Plain words that are none are searched for. */
  const apply = async (next: string, isSearch = false): Promise<void> => {
    const said = await checkNow(language, projectId, next).catch(() => null);
    if (said?.isValid === false && !isSearch && isPlainText(next)) {
      await apply(searchOffer(next, language).insert, true);
      return;
    }
    if (said?.isValid === false) {
      setDraft(next);
      setRefusal(next);
      setIsListOpen(false);
      return;
    }
    rememberFilter(language, next);
    setDraft(null);
    setIsListOpen(false);
    setRefusal(null);
    onApply(next.trim());
    input.current?.blur();
  };
  const accept = (offer: Offer): void => {
    const taken = take(offer, text);
    if (offer.isWhole) void apply(taken.text);
    else edit(taken.text, taken.cursor);
  };

  const onFocus = (): void => {
    setIsFocused(true);
    setIsListOpen(true);
    if (draft === null) {
      setDraft(condition);
      setCursor(condition.length);
      requestAnimationFrame(() => input.current?.setSelectionRange(condition.length, condition.length));
    }
  };
  const onBlur = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && document.getElementById(list)?.contains(event.relatedTarget)) return;
    setIsFocused(false);
    setIsListOpen(false);
    if (draft !== null && draft.trim() === condition.trim()) setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const count = isListOpen ? offers.length : 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (count === 0) setIsListOpen(true);
      else setChosen((at) => (at + (event.key === "ArrowDown" ? 1 : -1) + count + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % count);
    } else if (event.key === "Enter") {
      if (active) accept(active);
      else void apply(text);
    } else if (event.key === "Tab" && !event.shiftKey && text.trim() !== "" && (active ?? completion)) {
      const offer = active ?? completion;
      if (offer) accept(offer);
    } else if (event.key === "Escape") {
      if (isListOpen && count > 0 && text !== condition) setIsListOpen(false);
      else {
        // What was typed is among the recent conditions, should it be missed.
        rememberFilter(language, text);
        setDraft(null);
        setRefusal(null);
        input.current?.blur();
      }
    } else if (event.key === " " && event.ctrlKey) setIsListOpen(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  useKeys([{ keys: "/", label: "Filter", group: "Table", run: () => input.current?.focus() }]);

  const wrongFrom = error !== null && verdict?.errorMessage ? errorOffset(verdict.errorMessage, text) : null;
  return (
    <div className="ff" data-editing={isEditing || undefined} data-wrong={error !== null || undefined}>
      {!isEditing && children}
      <div className="ff-line">
        {isEditing && (
          <div className="ff-colours" ref={colours} aria-hidden="true">
            {highlight(text, wrongFrom).map((piece, at) => (
              <span key={at} data-type={piece.type} data-wrong={piece.isWrong || undefined}>{piece.text}</span>
            ))}
          </div>
        )}
        <input
          ref={input}
          className="ff-input"
          role="combobox"
          aria-label={`Filter ${language.thing}s`}
          aria-expanded={isListOpen && offers.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active ? `${list}-${chosen}` : undefined}
          aria-invalid={error !== null}
          aria-describedby={error !== null || warning !== undefined ? `${message} ${keys}` : keys}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={32_768}
          placeholder={isEditing || condition === "" ? language.placeholder : ""}
          value={isEditing ? text : ""}
          onChange={(event) => {
            setDraft(event.target.value);
            setCursor(event.target.selectionStart ?? event.target.value.length);
            setIsListOpen(true);
            setRefusal(null);
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
          onScroll={scrollAlong}
          onFocus={onFocus}
          onBlur={onBlur}
          onKeyDown={onKeyDown}
        />
      </div>
      {isEditing && text !== condition && (
        <button type="button" className="ff-apply" onClick={() => void apply(text)}>
          Apply <kbd>↵</kbd>
        </button>
      )}
      {(isEditing ? text : condition) !== "" && (
        <button
          type="button"
          className="ff-clear"
          aria-label="Clear the filter"
          title="Clear the filter"
          onClick={() => {
            setDraft(null);
            onApply("");
          }}
        >
          ×
        </button>
      )}
      <span id={keys} hidden>
        Up and down choose a completion, Tab takes it, Enter applies the filter. Escape closes the completions; again, it leaves the field and the filter as it was.
      </span>
      {error !== null && (
        <p className="ff-message" id={message} role="alert">
          {error}
          {help !== "" && <span className="ff-hint">{help}</span>}
        </p>
      )}
      {warning !== undefined && (
        <p className="ff-message" id={message} data-warning>
          {warning}
        </p>
      )}
      <OfferList id={list} isOpen={isFocused && isListOpen && error === null} offers={offers} chosen={chosen} language={language} onAccept={accept} onForget={() => input.current?.focus()} />
    </div>
  );
}
