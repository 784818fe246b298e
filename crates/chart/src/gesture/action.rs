//! What the chart is asked to do, merged until a frame takes it.

use super::event::Region;

/// Most actions that wait for a frame. More can only come where there are no frames; they are dropped.
pub const MAX_ACTIONS: usize = 32;
/// Greatest factor of one action; the least is its inverse.
pub const MAX_FACTOR: f64 = 1024.0;

/// Something to do with the chart. Lengths are CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Action {
    /// The crosshair is here, or gone.
    Point(Option<(f64, f64)>),
    /// Move the bars to the right, which shows earlier ones.
    PanTime {
        /// By this much; negative is to the left.
        px: f64,
    },
    /// Move the bars of a pane down. Only where its price axis does not scale itself.
    PanPrice {
        /// Which pane.
        pane: usize,
        /// By this much; negative is up.
        px: f64,
    },
    /// Widen bars; the time at `x` stays where it is.
    ZoomTime {
        /// Where from the left.
        x: f64,
        /// Above 1 shows fewer bars. Finite, from 1 / [`MAX_FACTOR`] to [`MAX_FACTOR`].
        factor: f64,
    },
    /// Widen bars; the right edge of the view stays where it is.
    ScaleTime {
        /// As in [`ZoomTime`](Self::ZoomTime).
        factor: f64,
    },
    /// Stretch the price axis of a pane, which stops scaling itself.
    ScalePrice {
        /// Which pane.
        pane: usize,
        /// The row that stays where it is; without one, the middle of the pane.
        anchor: Option<f64>,
        /// Above 1 shows a smaller range of prices. Bounded as in [`ZoomTime`](Self::ZoomTime).
        factor: f64,
    },
    /// The spacing of the start, at the last bar.
    ResetTime,
    /// The price axis of a pane scales itself again.
    ResetPrice {
        /// Which pane.
        pane: usize,
    },
    /// Both, in all panes.
    ResetAll,
    /// Move the line between two panes down.
    MoveSplitter {
        /// The pane above it.
        above: usize,
        /// By this much; negative is up.
        px: f64,
    },
    /// Move the crosshair by bars, positive to later ones. Where it would leave the view, the view
    /// follows; where there is none, it begins at the last bar in view.
    Walk(i32),
    /// Zoom by so many steps about the crosshair, else about the right edge; positive shows fewer bars.
    ZoomStep(i32),
    /// Move the crosshair to another pane, positive further down; where there is none, it begins in that of
    /// the prices.
    WalkPanes(i32),
    /// Stretch the price axis of the pane with the crosshair by so many steps, else that of the prices;
    /// positive shows a smaller range.
    ScaleStep(i32),
    /// Move the range of that pane by so many steps, positive to higher prices; it stops scaling itself.
    PanStep(i32),
    /// Make that pane higher by so many steps.
    GrowStep(i32),
    /// The price axis of that pane scales itself again.
    ResetPointed,
    /// Show the headlines whose mark is at the crosshair.
    Headlines,
    /// Move the view by bars, positive to later ones.
    PanBars(i32),
    /// Move the view by so many widths of itself, positive to later bars.
    PanPages(i32),
    /// Show the first bar.
    GoStart,
    /// Show the last bar and follow it; the spacing stays.
    GoLive,
    /// Put away the crosshair, and whatever else was opened last.
    Escape,
    /// Show the list of keys, [`KEYS`](super::KEYS).
    Help,
    /// A press that did not move: a button of the chart's own, such as a mark of news.
    Click {
        /// Where from the left.
        x: f64,
        /// Where from the top.
        y: f64,
        /// What is there.
        region: Region,
    },
}

/// Aspects of the chart that an action changes or reads. Actions without a common one may be
/// done in either order.
mod aspect {
    pub(super) const TIME: u8 = 1;
    pub(super) const PRICE: u8 = 2;
    pub(super) const CURSOR: u8 = 4;
    pub(super) const ALL: u8 = 7;
}

impl Action {
    const fn aspects(self) -> u8 {
        use aspect::{ALL, CURSOR, PRICE, TIME};
        match self {
            Self::Point(_) | Self::Escape => CURSOR,
            Self::PanTime { .. }
            | Self::ZoomTime { .. }
            | Self::ScaleTime { .. }
            | Self::ResetTime
            | Self::PanBars(_)
            | Self::PanPages(_)
            | Self::GoStart
            | Self::GoLive => TIME,
            Self::PanPrice { .. }
            | Self::ScalePrice { .. }
            | Self::ResetPrice { .. }
            | Self::MoveSplitter { .. } => PRICE,
            Self::ResetAll => TIME | PRICE,
            Self::Walk(_) | Self::ZoomStep(_) => TIME | CURSOR,
            Self::ScaleStep(_) | Self::PanStep(_) | Self::GrowStep(_) | Self::ResetPointed => PRICE | CURSOR,
            Self::Help => 0,
            // A pane that the crosshair walks to is another one to scale.
            Self::WalkPanes(_) | Self::Headlines | Self::Click { .. } => ALL,
        }
    }

    /// Whether it comes to nothing.
    fn is_none(self) -> bool {
        match self {
            Self::PanTime { px } | Self::PanPrice { px, .. } | Self::MoveSplitter { px, .. } => px == 0.0,
            Self::ZoomTime { factor, .. } | Self::ScaleTime { factor } | Self::ScalePrice { factor, .. } => {
                factor == 1.0
            }
            Self::Walk(by)
            | Self::WalkPanes(by)
            | Self::ZoomStep(by)
            | Self::ScaleStep(by)
            | Self::PanStep(by)
            | Self::GrowStep(by)
            | Self::PanBars(by)
            | Self::PanPages(by) => by == 0,
            _ => false,
        }
    }

    /// Takes `next` in, if the two are as good as one.
    fn join(&mut self, next: Self) -> bool {
        match (self, next) {
            (Self::Point(at), Self::Point(to)) => *at = to,
            (Self::PanTime { px }, Self::PanTime { px: more }) => *px += more,
            (Self::PanPrice { pane, px }, Self::PanPrice { pane: same, px: more }) if *pane == same => {
                *px += more;
            }
            (Self::MoveSplitter { above, px }, Self::MoveSplitter { above: same, px: more })
                if *above == same =>
            {
                *px += more;
            }
            (Self::ZoomTime { x, factor }, Self::ZoomTime { x: same, factor: more }) if *x == same => {
                *factor = bounded(*factor * more);
            }
            (Self::ScaleTime { factor }, Self::ScaleTime { factor: more }) => {
                *factor = bounded(*factor * more);
            }
            (
                Self::ScalePrice { pane, anchor, factor },
                Self::ScalePrice { pane: same, anchor: there, factor: more },
            ) if *pane == same && *anchor == there => *factor = bounded(*factor * more),
            (Self::Walk(by), Self::Walk(more))
            | (Self::ZoomStep(by), Self::ZoomStep(more))
            | (Self::ScaleStep(by), Self::ScaleStep(more))
            | (Self::PanStep(by), Self::PanStep(more))
            | (Self::GrowStep(by), Self::GrowStep(more))
            | (Self::PanBars(by), Self::PanBars(more))
            | (Self::PanPages(by), Self::PanPages(more)) => *by = by.saturating_add(more),
            (
                this @ (Self::ResetTime
                | Self::ResetPrice { .. }
                | Self::ResetPointed
                | Self::ResetAll
                | Self::GoStart
                | Self::GoLive
                | Self::Escape
                | Self::Help),
                next,
            ) => return *this == next,
            _ => return false,
        }
        true
    }
}

/// `factor` within the bounds of an action.
pub(super) fn bounded(factor: f64) -> f64 {
    factor.clamp(1.0 / MAX_FACTOR, MAX_FACTOR)
}

/// The actions that wait.
#[derive(Default, Debug)]
pub(super) struct Queue(Vec<Action>);

impl Queue {
    /// Adds an action, joined with an earlier one where nothing between the two minds.
    pub(super) fn push(&mut self, action: Action) {
        for earlier in self.0.iter_mut().rev() {
            if earlier.join(action) {
                return;
            }
            if earlier.aspects() & action.aspects() != 0 {
                break;
            }
        }
        if !action.is_none() && self.0.len() < MAX_ACTIONS {
            self.0.push(action);
        }
    }

    /// Takes out all that do something, oldest first. The room stays reserved.
    pub(super) fn drain(&mut self) -> std::vec::Drain<'_, Action> {
        self.0.retain(|action| !action.is_none());
        self.0.drain(..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queued(actions: &[Action]) -> Vec<Action> {
        let mut queue = Queue::default();
        for action in actions {
            queue.push(*action);
        }
        queue.drain().collect()
    }

    #[test]
    fn actions_of_a_kind_are_one() {
        use Action::*;
        let point = |x| Point(Some((x, 2.0)));
        let waiting = queued(&[
            PanTime { px: 3.0 },
            point(1.0),
            PanPrice { pane: 1, px: 2.0 },
            PanTime { px: -1.0 },
            point(4.0),
            PanPrice { pane: 1, px: 5.0 },
        ]);
        assert_eq!(waiting, [PanTime { px: 2.0 }, point(4.0), PanPrice { pane: 1, px: 7.0 }]);
        let zoom = |x, factor| ZoomTime { x, factor };
        assert_eq!(queued(&[zoom(5.0, 2.0), zoom(5.0, 3.0)]), [zoom(5.0, 6.0)]);
        assert_eq!(queued(&[zoom(5.0, 900.0), zoom(5.0, 900.0)]), [zoom(5.0, MAX_FACTOR)]);
        assert_eq!(queued(&[Walk(2), Walk(-3), Walk(i32::MIN)]), [Walk(i32::MIN)]);
        assert_eq!(queued(&[Walk(2), PanTime { px: 3.0 }, Walk(-2), PanTime { px: -3.0 }]).len(), 4);
        assert_eq!(queued(&[PanTime { px: 3.0 }, PanTime { px: -3.0 }, Walk(0)]), [], "come to nothing");
        assert_eq!(
            queued(&[ScaleStep(1), ScaleStep(2), PanStep(-1), PanStep(1), GrowStep(3)]),
            [ScaleStep(3), GrowStep(3)]
        );
        assert_eq!(queued(&[ResetAll, ResetAll, GoLive, GoLive, Help, Help]), [ResetAll, GoLive, Help]);
        let stretch = |anchor, factor| ScalePrice { pane: 0, anchor, factor };
        assert_eq!(
            queued(&[stretch(None, 2.0), stretch(None, 2.0), stretch(Some(1.0), 2.0)]),
            [stretch(None, 4.0), stretch(Some(1.0), 2.0)]
        );
    }

    #[test]
    fn what_does_not_commute_stays_in_order() {
        use Action::*;
        let apart: &[&[Action]] = &[
            &[PanTime { px: 1.0 }, ZoomTime { x: 0.0, factor: 2.0 }, PanTime { px: 1.0 }],
            &[ZoomTime { x: 0.0, factor: 2.0 }, ZoomTime { x: 1.0, factor: 2.0 }],
            &[Point(None), Walk(1), Point(None)],
            &[Walk(1), ZoomStep(1), Walk(1)],
            &[WalkPanes(1), ScaleStep(1), WalkPanes(-1), ScaleStep(1)],
            &[GrowStep(1), PanStep(1), GrowStep(1)],
            &[PanPrice { pane: 0, px: 1.0 }, PanPrice { pane: 1, px: 1.0 }, PanPrice { pane: 0, px: 1.0 }],
            &[ResetPrice { pane: 0 }, ResetPrice { pane: 1 }],
            &[MoveSplitter { above: 0, px: 1.0 }, MoveSplitter { above: 1, px: 1.0 }],
            &[PanTime { px: 1.0 }, Click { x: 1.0, y: 1.0, region: Region::Corner }, PanTime { px: 1.0 }],
        ];
        for actions in apart {
            assert_eq!(queued(actions), *actions);
        }
    }

    #[test]
    fn the_queue_is_bounded() {
        let many: Vec<Action> =
            (0..1000).map(|i| Action::ZoomTime { x: f64::from(i), factor: 1.5 }).collect();
        assert_eq!(queued(&many), many[..MAX_ACTIONS]);
    }
}
