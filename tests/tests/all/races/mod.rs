//! What holds whoever races, whatever fails, and what it costs.

mod bookings;
mod calls;
mod faults;
mod linearizable;
mod meeting_points;
mod once;
mod one_link;
mod tampering;
