import './base.css';
import { type ComponentType, render } from 'preact';
import type { Part } from '../i18n/files';
import { speak } from '../i18n/texts';

/** Starts a page: its texts first, so that nothing is shown in the wrong language. */
export async function mount(Root: ComponentType, texts?: Part[]): Promise<void> {
  await speak(texts);
  const place = document.getElementById('page');
  if (!place) throw new Error('the document has no place for the page');
  place.textContent = '';
  render(<Root />, place);
}
