/** What a tab remembers as long as it lives, a reload included: phones load a page anew behind its back. Another tab knows nothing of it. */
export const tabMemory = {
  read(name: string): string | null {
    return within(() => sessionStorage.getItem(`bedside-${name}`));
  },
  write(name: string, text: string): void {
    within(() => sessionStorage.setItem(`bedside-${name}`, text));
  },
  forget(name: string): void {
    within(() => sessionStorage.removeItem(`bedside-${name}`));
  },
};

/** Where a browser keeps nothing, the tab goes without. */
function within<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
