export { chunks, cut, textSize } from "./chunks";
export { diffTexts, type Piece } from "./diffTexts";
export { LongText } from "./LongText";
export { PlainText, VisibleText } from "./PlainText";
export { TextDiff } from "./TextDiff";
export { hasHidden, visiblePieces, visibleText } from "./visible";
