/** Made by `web/widget/catalogue.ts` from the Fluent files: language → message → words with `{name}` in them. */
declare module 'virtual:widget-texts' {
  const catalogue: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default catalogue;
}
