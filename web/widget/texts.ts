import catalogue from 'virtual:widget-texts';

/** Gives the words of a message, with what belongs into them. */
export type Say = (id: string, values?: Readonly<Record<string, string | number>>) => string;

/** First strong isolate, pop directional isolate: a name from left to right does not turn an Arabic sentence around. */
const isolated = (value: string | number): string => `\u2068${value}\u2069`;

/** The words in a language. The build has made sure that each message is there in each of them. */
export function texts(locale: string): Say {
  const language = locale.slice(0, 2).toLowerCase();
  const messages = catalogue[language] ?? catalogue['en'] ?? {};
  return (id, values = {}) =>
    (messages[id] ?? id).replace(/\{(\w+)\}/gu, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : isolated(value);
    });
}
