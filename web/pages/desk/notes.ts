import { signal } from '@preact/signals';

// Notes that are being written. They outlive a reload and a new sign-in in this tab (session storage), and nothing else:
// closing the tab, ending the visit and signing out forget them.

const PREFIX = 'bedside-notes ';

const drafts = signal<Readonly<Record<string, string>>>(kept());

function kept(): Record<string, string> {
  try {
    const names = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
    return Object.fromEntries(names.map((name) => [name.slice(PREFIX.length), sessionStorage.getItem(name) ?? '']));
  } catch {
    return {};
  }
}

/** What has been written about a visit. */
export const draftOf = (visitId: string): string => drafts.value[visitId] ?? '';

/** Whether anything is written that was not sent. */
export const anyDraft = (): boolean => Object.values(drafts.value).some((text) => text.trim() !== '');

export function write(visitId: string, text: string): void {
  drafts.value = { ...drafts.value, [visitId]: text };
  try {
    if (text) sessionStorage.setItem(PREFIX + visitId, text);
    else sessionStorage.removeItem(PREFIX + visitId);
  } catch {
    // It is on the page all the same.
  }
}

/** Forgets all of them, for whoever signs out. */
export function forgetDrafts(): void {
  for (const visitId of Object.keys(drafts.value)) write(visitId, '');
  drafts.value = {};
}
