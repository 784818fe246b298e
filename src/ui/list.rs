//! Children with keys: what stays is not built again.

use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::{LocalStorage, Owner, StoredValue, UpdateValue};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use wickwire_proto::sorted::sort_by;

use super::El;
use super::bind::{apart, build, effect, place, put};
use crate::dom;

impl El {
    /// With a child for each value of `each`, in their order. A child is built once for its key, and stays
    /// until no value has that key. Keys are unique.
    #[must_use]
    pub fn list<T, K>(
        self,
        each: impl Fn() -> Vec<T> + 'static,
        key: impl Fn(&T) -> K + 'static,
        child: impl Fn(T) -> Self + 'static,
    ) -> Self
    where
        T: 'static,
        K: PartialEq + Hash + 'static,
    {
        follow(
            place(self.node()),
            Box::new(Keyed { each, key, child, old: Vec::new(), places: None, new: Vec::new() }),
        );
        self
    }
}

/// A child in its place.
struct Shown {
    element: El,
    /// Ends what the child follows when it goes.
    _owner: Owner,
}

/// What of a list is of its type: its values and their keys. The rest is compiled once.
trait Values {
    /// Reads the values anew; how many there are.
    fn read(&mut self) -> usize;
    /// Where the value `i` was before, looked for at `from` first.
    fn was_at(&mut self, i: usize, from: usize) -> Option<usize>;
    /// The child of the value `i`; only once.
    fn build(&mut self, i: usize) -> Option<El>;
}

struct Keyed<T, K, E, F, C> {
    each: E,
    key: F,
    child: C,
    /// The keys of before, without those that were found again.
    old: Vec<Option<K>>,
    /// Where the keys of before are, by their hashes. Made when a key is not where it is expected.
    places: Option<Vec<(u64, usize)>>,
    new: Vec<(K, Option<T>)>,
}

impl<T, K: PartialEq + Hash, E, F, C> Values for Keyed<T, K, E, F, C>
where
    E: Fn() -> Vec<T>,
    F: Fn(&T) -> K,
    C: Fn(T) -> El,
{
    fn read(&mut self) -> usize {
        let values = (self.each)();
        self.places = None;
        self.old = self.new.drain(..).map(|(key, _)| Some(key)).collect();
        self.new.extend(values.into_iter().map(|value| ((self.key)(&value), Some(value))));
        self.new.len()
    }

    fn was_at(&mut self, i: usize, from: usize) -> Option<usize> {
        let (key, _) = self.new.get(i)?;
        let is_it = |at: usize| self.old.get(at).and_then(Option::as_ref) == Some(key);
        let at = if is_it(from) {
            from
        } else {
            let old = &self.old;
            let places = self.places.get_or_insert_with(|| places(old));
            let hash = hash(key);
            let first = places.partition_point(|(other, _)| *other < hash);
            let same = places.iter().skip(first).take_while(|(other, _)| *other == hash);
            same.map(|(_, at)| *at).find(|at| is_it(*at))?
        };
        *self.old.get_mut(at)? = None;
        Some(at)
    }

    fn build(&mut self, i: usize) -> Option<El> {
        let (_, value) = self.new.get_mut(i)?;
        value.take().map(&self.child)
    }
}

/// The hashes of keys and where they are, in order.
fn places(keys: &[Option<impl Hash>]) -> Vec<(u64, usize)> {
    let mut places: Vec<_> =
        keys.iter().enumerate().filter_map(|(at, key)| Some((hash(key.as_ref()?), at))).collect();
    sort_by(&mut places, |a, b| a < b);
    places
}

fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn follow(place: impl AsRef<Node> + 'static, mut values: Box<dyn Values>) {
    // Kept by the owner, not by the effect: what the children follow ends at once with what is around.
    let shown: StoredValue<Vec<Shown>, LocalStorage> = StoredValue::new_local(Vec::new());
    effect(move || {
        let count = values.read();
        let Some(old) = shown.try_update_value(std::mem::take) else { return };
        let children = arrange(old, count, values.as_mut(), place.as_ref());
        let _ = shown.try_update_value(|shown| *shown = children);
    });
}

fn arrange(old: Vec<Shown>, count: usize, values: &mut dyn Values, place: &Node) -> Vec<Shown> {
    let mut old: Vec<Option<Shown>> = old.into_iter().map(Some).collect();
    let mut children = Vec::with_capacity(count);
    // What follows a child that stays mostly stays too: looked for first where the last one was found.
    let mut from = 0;
    for i in 0..count {
        let kept = values.was_at(i, from).and_then(|at| {
            from = at + 1;
            old.get_mut(at)?.take()
        });
        children.extend(kept.or_else(|| {
            let owner = apart();
            let element = build(&owner, || values.build(i))?;
            Some(Shown { element, _owner: owner })
        }));
    }
    for gone in old.into_iter().flatten() {
        gone.element.node().remove();
    }
    let focused = dom::document().and_then(|document| document.active_element());
    // From the end, so that each has its place before what is right already.
    let mut before: Node = place.clone();
    for child in children.iter().rev() {
        let node: &Node = child.element.node();
        if node.next_sibling().as_ref() != Some(&before) {
            put(child.element.node(), &before);
        }
        before = node.clone();
    }
    // What was moved lost the focus; a key is pressed again where it was pressed.
    if let Some(focused) = focused
        && focused.is_connected()
        && dom::document().and_then(|document| document.active_element()).as_ref() != Some(&focused)
    {
        let _ = focused.unchecked_ref::<HtmlElement>().focus();
    }
    children
}
