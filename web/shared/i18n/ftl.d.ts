/** Made by `web/build/fluent.ts`: name → pattern. */
declare module '*.ftl?everyone' {
  const messages: Record<string, unknown>;
  export default messages;
}
declare module '*.ftl?desk' {
  const messages: Record<string, unknown>;
  export default messages;
}
