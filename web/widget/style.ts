import sheet from './style.css?inline';

/**
 * Puts the style into the shadow root. A constructed sheet is no inline style to a page's content security policy;
 * browsers without it (Safari before 16.4) get an element.
 */
export function dress(root: ShadowRoot): void {
  try {
    const style = new CSSStyleSheet();
    style.replaceSync(sheet);
    root.adoptedStyleSheets = [style];
  } catch {
    const style = document.createElement('style');
    style.textContent = sheet;
    root.append(style);
  }
}
