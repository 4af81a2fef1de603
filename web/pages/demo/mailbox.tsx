import { signal } from '@preact/signals';
import { messages } from './demo';
import { Moment } from './phone';

const opened = signal<string | null>(null);

/** The e-mails, the newest first; the one that is open as its reader sees it. */
export function Mailbox() {
  const mails = messages.value.filter(({ channel }) => channel === 'email');
  const open = mails.find(({ id }) => id === opened.value) ?? mails[0];
  return (
    <section aria-labelledby="mailbox">
      <h2 id="mailbox">Mailbox</h2>
      <ul class="demo-mails">
        {mails.length === 0 && <li class="soft">No e-mails yet.</li>}
        {mails.map((mail) => (
          <li key={mail.id}>
            <button type="button" class="demo-mail" aria-current={mail === open ? 'true' : undefined} onClick={() => (opened.value = mail.id)}>
              <strong dir="auto">{mail.subject ?? 'No subject'}</strong>
              <span class="soft">
                to {mail.to}, <Moment at={mail.at} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {open && (
        <>
          {open.html ? (
            // Without leave to run scripts or to be of our origin; its links open windows of their own.
            <iframe
              key={open.id}
              class="demo-open"
              title={`E-mail: ${open.subject ?? 'no subject'}`}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              src={`/local/messages/${encodeURIComponent(open.id)}/email`}
            />
          ) : (
            <pre class="demo-open">{open.text}</pre>
          )}
          {open.attachments.length > 0 && <p class="soft">With {open.attachments.map(({ name }) => name).join(', ')}</p>}
        </>
      )}
    </section>
  );
}
