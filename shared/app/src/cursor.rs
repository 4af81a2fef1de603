//! Cursors of lists: where the next page begins, bound to the list and its filters.
//!
//! A cursor names the last item of its page, not a number of items: whatever is inserted or removed meanwhile, no item is
//! shown twice and none is passed over.

use crate::error::{Error, FieldError};
use crate::ports::{Keys, Store};
use crate::practice::{App, label};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// A cursor after `position`, for the list that `of` names: which list, whose, with which filters.
    pub(crate) fn cursor(&self, of: &[&str], position: &str) -> Result<String, Error> {
        let mac = self.mac(label::CURSOR, &[of, &[position]].concat())?;
        Ok(URL_SAFE_NO_PAD.encode(format!("{}.{position}", mac.0)))
    }

    /// The position in a cursor of this very list.
    ///
    /// # Errors
    /// 400 for one that is not ours, or of another list.
    pub(crate) fn after(&self, of: &[&str], cursor: &str) -> Result<String, Error> {
        let wrong = || Error::ValidationFailed(vec![FieldError::new("/query/cursor", "Is not a cursor of this list.")]);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        let (mac, position) = text.split_once('.').ok_or_else(wrong)?;
        let mac = bedside_domain::secret::Mac(mac.to_owned());
        let parts = [of, &[position]].concat();
        let ours = self.macs(label::CURSOR, &parts).fold(false, |ours, own| ours | own.matches(&mac));
        if ours { Ok(position.to_owned()) } else { Err(wrong()) }
    }
}
