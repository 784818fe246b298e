//! The account's orders, as its updates told them.

use wickwire_proto::trading::Order;
#[cfg(feature = "trading")]
use wickwire_proto::trading::TradeUpdate;

/// Orders kept; the oldest goes first.
pub const MAX_ORDERS: usize = 500;

/// Orders by first appearance.
#[derive(Debug, Default)]
pub(super) struct Orders(Vec<Order>);

impl Orders {
    #[cfg(feature = "trading")]
    pub(super) fn apply(&mut self, update: &TradeUpdate) {
        if let Some(held) = self.0.iter_mut().find(|o| o.id == update.order.id) {
            held.clone_from(&update.order);
            return;
        }
        if self.0.len() >= MAX_ORDERS {
            self.0.remove(0);
        }
        self.0.push(update.order.clone());
    }

    pub(super) fn all(&self) -> &[Order] {
        &self.0
    }
}

#[cfg(all(test, feature = "trading"))]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn an_order_is_kept_once_and_the_list_is_bounded() {
        let mut orders = Orders::default();
        for i in 0..MAX_ORDERS + 3 {
            for status in ["new", "filled"] {
                let order = Order { id: i.to_string(), status: status.to_owned(), ..Order::default() };
                orders.apply(&TradeUpdate { order, ..TradeUpdate::default() });
            }
        }
        assert_eq!(orders.all().len(), MAX_ORDERS);
        assert!(orders.all().iter().all(|o| o.status == "filled"));
        assert_eq!(orders.all().first().map(|o| o.id.as_str()), Some("3"));
    }
}
