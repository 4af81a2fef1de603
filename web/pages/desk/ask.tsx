import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { Button } from '../../shared/view/controls';

interface AskProps {
  title: string;
  text?: string;
  yes: string;
  busy?: boolean;
  onYes: () => void;
  onNo: () => void;
  children?: ComponentChildren;
}

/** Asks before something that cannot be taken back. Escape is no. */
export function Ask({ title, text, yes, busy, onYes, onNo, children }: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before anything is drawn or pressed: a dialog that is not open yet would let a key through to what is behind it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // Closed, not only taken away: the focus goes back to where it came from.
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="desk-dialog" aria-labelledby={id} onClose={onNo}>
      <form method="dialog" onSubmit={(event) => { event.preventDefault(); if (!busy) onYes(); }}>
        <h2 id={id}>{title}</h2>
        {text && <p>{text}</p>}
        {children}
        <div class="desk-row">
          <Button kind="danger" name="yes" type="submit" busy={busy ?? false} onPress={() => undefined}>
            {yes}
          </Button>
          <Button name="no" onPress={close}>
            {t('desk-cancel')}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
