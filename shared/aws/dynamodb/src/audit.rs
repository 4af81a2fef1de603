//! Audit chains, to read.

use crate::keys::{self, Table};
use crate::rows::record_only;
use crate::{Dynamo, read};
use bedside_app::ports::{Answer, AuditLog, Chain, ChainHead};
use bedside_domain::audit::{Head, Record};
use bedside_domain::id::TenantId;

impl AuditLog for Dynamo {
    async fn records(&self, chain: &Chain) -> Answer<Vec<Option<Record>>> {
        let items = self.partition(Table::Audit, keys::chain_partition(chain)).await?;
        Ok(items.into_iter().map(|item| read("Query", record_only(item)).ok()).collect())
    }

    async fn tenant_head(&self, tenant: &TenantId) -> Answer<Head> {
        let head: Option<ChainHead> = self.get(keys::chain_head(tenant)).await?;
        Ok(head.map_or_else(Head::genesis, |head| head.head))
    }
}
