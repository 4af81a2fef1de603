/** The languages that the texts are in. */
export const LANGUAGES = ['en', 'es', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const NAMES: Record<Language, string> = { en: 'English', es: 'Español', ar: 'العربية' };

const CHOSEN = 'bedside-language';

export function direction(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** The language to speak: what was chosen here before, else the first of the browser's that there is, else English. */
export function preferredLanguage(): Language {
  const wanted = [chosen(), ...navigator.languages].map((tag) => tag?.split('-')[0]);
  return LANGUAGES.find((language) => language === wanted.find((tag) => LANGUAGES.some((known) => known === tag))) ?? 'en';
}

/** Remembers a choice, where the browser remembers anything. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(CHOSEN, language);
  } catch {
    // It holds until the page is closed.
  }
}

function chosen(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}
