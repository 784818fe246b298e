//! Mounts the application.

fn main() {
    wickwire::start();
}
