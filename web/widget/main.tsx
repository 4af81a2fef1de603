import { render } from 'preact';
import type { Requested } from './api';
import { Schedule } from './schedule';
import { settingsOf } from './settings';
import { dress } from './style';

/** Where this script came from: known only while it runs for the first time. */
const origin = new URL((document.currentScript as HTMLScriptElement | null)?.src ?? location.href).origin;

/**
 * `<bedside-schedule>`: asks for a visit, on a page of another site. It lives in a shadow root, so that neither page nor
 * form meets the other's styles. It keeps nothing: what was typed goes to the API, and is gone with the page.
 */
class BedsideSchedule extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' });
  #place: HTMLElement | undefined;

  connectedCallback(): void {
    // While the page is being read, an element is connected before what stands in it.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => this.#show(), { once: true });
    else queueMicrotask(() => this.#show());
  }

  disconnectedCallback(): void {
    // Moving an element disconnects and connects it: what was typed must not be lost by that.
    queueMicrotask(() => {
      if (this.isConnected || !this.#place) return;
      render(null, this.#place);
      this.#place.remove();
      this.#place = undefined;
    });
  }

  #show(): void {
    if (this.#place || !this.isConnected) return;
    const settings = settingsOf(this, origin);
    this.#place = document.createElement('div');
    this.#place.lang = settings.locale;
    this.#place.dir = settings.locale.startsWith('ar') ? 'rtl' : 'ltr';
    dress(this.#root);
    this.#root.append(this.#place);
    render(<Schedule settings={settings} tell={(what, requested) => this.#tell(what, requested)} />, this.#place);
  }

  #tell(what: string, { visitId, scheduledAt, duration }: Requested): void {
    const detail = { visitId, scheduledAt, duration };
    this.dispatchEvent(new CustomEvent(`bedside:${what}`, { detail, bubbles: true, composed: true }));
  }
}

// Two script tags on one page are one form's code.
if (!customElements.get('bedside-schedule')) customElements.define('bedside-schedule', BedsideSchedule);
