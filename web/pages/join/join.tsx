import { t } from '../../shared/i18n/texts';
import { Heading, Page } from '../../shared/view/page';

/** The way into a visit. */
export function Join() {
  return (
    <Page>
      <Heading state="loading">{t('product')}</Heading>
    </Page>
  );
}
