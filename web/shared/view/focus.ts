import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

// The keyboard moves in the task that draws what it moves to. A frame later, a key that is pressed meanwhile would go to what
// was there before, or to nothing.

/** Puts the keyboard at something when it stands for the first time, and whenever one of these changes; scrolls there unless told otherwise. */
export function useFocus(where: RefObject<HTMLElement | null>, changes: readonly unknown[], how?: FocusOptions): void {
  useLayoutEffect(() => where.current?.focus(how), changes);
}

/** Puts the keyboard there in a layout effect, if what had it is gone: a button that was pressed, mostly. */
export function focusIfLost(where: RefObject<HTMLElement | null>): void {
  if (document.activeElement === document.body) where.current?.focus();
}
