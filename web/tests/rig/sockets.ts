/** Runs in a page before all else: notes its sockets, and when each was opened by the page's clock. */
export function noteSockets(): void {
  const sockets: { socket: WebSocket; at: number }[] = [];
  const Real = globalThis.WebSocket;
  Object.assign(globalThis, {
    sockets,
    WebSocket: class extends Real {
      constructor(...given: ConstructorParameters<typeof Real>) {
        super(...given);
        sockets.push({ socket: this, at: performance.now() });
      }
    },
  });
}

/** What `noteSockets` has noted, for whoever asks within the page. */
export interface Noted {
  sockets: { socket: WebSocket; at: number }[];
}
