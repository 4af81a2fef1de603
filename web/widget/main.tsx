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
  readonly #night = matchMedia('(prefers-color-scheme: dark)');
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
      this.#night.removeEventListener('change', this.#dim);
      render(null, this.#place);
      this.#place.remove();
      this.#place = undefined;
    });
  }

  /** A page that is dark says so by `color-scheme`; one that says nothing stays light whatever the visitor prefers. */
  readonly #dim = (): void => {
    const scheme = getComputedStyle(this).colorScheme;
    const dark = scheme.includes('dark') && (this.#night.matches || !scheme.includes('light'));
    this.#place?.classList.toggle('dark', dark);
  };

  #show(): void {
    if (this.#place || !this.isConnected) return;
    const settings = settingsOf(this, origin);
    this.#place = document.createElement('div');
    this.#place.lang = settings.locale;
    this.#place.dir = settings.locale.startsWith('ar') ? 'rtl' : 'ltr';
    this.#dim();
    this.#night.addEventListener('change', this.#dim);
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
