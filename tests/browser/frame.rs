//! One animation frame for everything that asked.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::frame::{Dirty, Frame};

/// Long enough for a few animation frames.
const A_WHILE_MS: u32 = 200;

#[wasm_bindgen_test]
async fn requests_merge_into_one_frame_and_publishing_comes_first() {
    let frame = Frame::new();
    let log = Rc::new(RefCell::new(Vec::new()));
    let (a, b) = (Rc::clone(&log), Rc::clone(&log));
    let _publish = frame.on_publish(move |dirty| a.borrow_mut().push(("publish", dirty)));
    let _paint = frame.on_paint(move |token| b.borrow_mut().push(("paint", token.dirty())));
    frame.request(Dirty::QUOTE);
    frame.request(Dirty::NEWS);
    frame.request(Dirty::QUOTE);
    frame.request(Dirty::NONE);
    assert!(log.borrow().is_empty(), "nothing runs before the frame");
    TimeoutFuture::new(A_WHILE_MS).await;
    let both = Dirty::QUOTE | Dirty::NEWS;
    assert_eq!(*log.borrow(), [("publish", both), ("paint", both)]);
    assert_eq!(frame.with_timings(wickwire::frame::Timings::total), 1);
}

#[wasm_bindgen_test]
async fn a_painter_may_ask_for_the_next_frame() {
    let frame = Frame::new();
    let count = Rc::new(Cell::new(0));
    let (counter, again) = (Rc::clone(&count), frame.clone());
    let _paint = frame.on_paint(move |_| {
        counter.set(counter.get() + 1);
        if counter.get() < 3 {
            again.request(Dirty::CURSOR);
        }
    });
    frame.request(Dirty::CURSOR);
    TimeoutFuture::new(A_WHILE_MS).await;
    assert_eq!(count.get(), 3);
}

#[wasm_bindgen_test]
async fn hidden_pages_only_merge_and_are_whole_when_shown() {
    let frame = Frame::new();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&seen);
    let _paint = frame.on_paint(move |token| log.borrow_mut().push(token.dirty()));
    frame.set_hidden(true);
    for _ in 0..1_000 {
        frame.request(Dirty::LAST_BAR);
    }
    TimeoutFuture::new(A_WHILE_MS).await;
    assert!(seen.borrow().is_empty());
    frame.set_hidden(false);
    TimeoutFuture::new(A_WHILE_MS).await;
    assert_eq!(*seen.borrow(), [Dirty::ALL]);
}

#[wasm_bindgen_test]
async fn what_is_dropped_is_not_called() {
    let frame = Frame::new();
    let called = Rc::new(Cell::new(false));
    let flag = Rc::clone(&called);
    drop(frame.on_paint(move |_| flag.set(true)));
    frame.request(Dirty::ALL);
    TimeoutFuture::new(A_WHILE_MS).await;
    assert!(!called.get());
}
