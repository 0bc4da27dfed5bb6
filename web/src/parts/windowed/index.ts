export { WindowedList, type WindowedListHandle, type WindowedListProps } from "./WindowedList";
