//! What people say of texts, and which message it is about.

use crate::{Dynamo, keys};
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, CommitError, Guard, Row, TextReplies, Write};
use bedside_domain::delivery::Transport;
use bedside_domain::secret::Mac;
use bedside_domain::text_reply::{SentMessage, TextWish};

impl TextReplies for Dynamo {
    async fn text_wish(&self, number: &Mac) -> Answer<Option<TextWish>> {
        self.get(keys::text_wish(number)).await
    }

    async fn note_text_wish(&self, wish: &TextWish) -> Answer<bool> {
        let write = Write::Put(Row::TextWish(wish.clone()), Guard::SaidBefore(wish.clone()));
        match self.transact(&[write]).await {
            Ok(()) => Ok(true),
            Err(CommitError::Refused(_)) => Ok(false),
            Err(CommitError::Conflict) => Err(Outage::new("dynamodb", "TransactWriteItems conflict")),
            Err(CommitError::Down(outage)) => Err(outage),
        }
    }

    async fn sent_message(&self, transport: Transport, provider_id: &str) -> Answer<Option<SentMessage>> {
        self.get(keys::sent_message(transport, provider_id)).await
    }
}
