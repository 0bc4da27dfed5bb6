import {
  forwardRef,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { Heights } from "./Heights";

export interface WindowedListProps {
  readonly label: string;
  readonly count: number;
  /** How high an item probably is. */
  readonly guess: number;
  readonly renderItem: (index: number) => ReactNode;
  readonly className?: string;
  /** The items in view, whenever they change. */
  readonly onView?: (first: number, last: number) => void;
  readonly role?: "feed" | "list";
}

export interface WindowedListHandle {
  /** Scrolls an item into view: to the top, or only as far as needed. */
  readonly reveal: (index: number, where: "top" | "nearest") => void;
  readonly focus: () => void;
}

const BEYOND = 300;

/** A scrolling list of items of any height, of which only those near the view exist. */
export const WindowedList = forwardRef<WindowedListHandle, WindowedListProps>(function WindowedList(
  { label, count, guess, renderItem, className, onView, role = "list" },
  handle,
) {
  const box = useRef<HTMLDivElement>(null);
  const heightsRef = useRef<Heights>(new Heights(0, guess));
  const [view, setView] = useState({ top: 0, height: 800 });
  const [, setMeasured] = useState(0);
  // Until its surroundings are measured, an item that was asked for stays where it was asked to be.
  const wanted = useRef<number | null>(null);
  // Where the list was last scrolled to on its own behalf: any other place is a reader's doing.
  const put = useRef(0);
  const scrollTo = useCallback((element: HTMLElement, top: number) => {
    element.scrollTop = top;
    put.current = element.scrollTop;
  }, []);

  if (heightsRef.current.count !== count) heightsRef.current = new Heights(count, guess, heightsRef.current);
  const heights = heightsRef.current;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setView((known) => ({ ...known, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        const element = box.current;
        if (!element) return;
        let shift = 0;
        let changed = false;
        for (const entry of entries) {
          const index = Number((entry.target as HTMLElement).dataset["index"]);
          const height = entry.borderBoxSize[0]?.blockSize ?? 0;
          const known = heightsRef.current;
          if (!(index < known.count) || height === 0 || Math.abs(height - known.of(index)) < 0.5) continue;
          const isAbove = known.offset(index) + known.of(index) <= element.scrollTop;
          const growth = known.set(index, height);
          if (isAbove) shift += growth;
          changed = true;
        }
        if (!changed) return;
        setMeasured((value) => value + 1);
        if (wanted.current === null && shift !== 0) element.scrollTop += shift;
      }),
    [],
  );
  useEffect(() => () => observer.disconnect(), [observer]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || wanted.current === null) return;
    const top = heightsRef.current.offset(wanted.current);
    if (Math.abs(element.scrollTop - top) > 1) scrollTo(element, top);
  });

  const first = heights.indexAt(view.top - BEYOND);
  const last = count === 0 ? -1 : heights.indexAt(view.top + view.height + BEYOND);
  const firstSeen = heights.indexAt(view.top + 1);
  const lastSeen = count === 0 ? -1 : heights.indexAt(view.top + view.height - 1);
  useEffect(() => {
    if (lastSeen >= 0) onView?.(firstSeen, lastSeen);
  }, [firstSeen, lastSeen, onView]);

  const reveal = useCallback((index: number, where: "top" | "nearest") => {
    const element = box.current;
    const known = heightsRef.current;
    if (!element || index < 0 || index >= known.count) return;
    const top = known.offset(index);
    const bottom = top + known.of(index);
    if (where === "top") {
      wanted.current = index;
      scrollTo(element, top);
    } else if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [scrollTo]);
  useImperativeHandle(handle, () => ({ reveal, focus: () => box.current?.focus() }), [reveal]);
  const letGo = (): void => {
    wanted.current = null;
  };

  const indices = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is given
    <div
      ref={box}
      className={className === undefined ? "windowed" : `windowed ${className}`}
      role={role}
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop: top } = event.currentTarget;
        if (Math.abs(top - put.current) > 2) letGo();
        setView((known) => (known.top === top ? known : { ...known, top }));
      }}
      onWheel={letGo}
      onPointerDown={letGo}
      onTouchMove={letGo}
      onKeyDown={letGo}
    >
      <div className="windowed-space" role="presentation" style={{ height: heights.total }}>
        {indices.map((index) => (
          <Item key={index} index={index} count={count} isFeed={role === "feed"} top={heights.offset(index)} observer={observer}>
            {renderItem(index)}
          </Item>
        ))}
      </div>
    </div>
  );
});

interface ItemProps {
  readonly index: number;
  readonly count: number;
  readonly isFeed: boolean;
  readonly top: number;
  readonly observer: ResizeObserver;
  readonly children: ReactNode;
}

function Item({ index, count, isFeed, top, observer, children }: ItemProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    observer.observe(target);
    return () => observer.unobserve(target);
  }, [observer]);
  return (
    <div
      ref={element}
      className="windowed-item"
      role={isFeed ? "article" : "listitem"}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-index={index}
      style={{ transform: `translateY(${top}px)` }}
    >
      {children}
    </div>
  );
}
