//! The student's seat: what the commands say, and what stands on the screen.

#![forbid(unsafe_code)]

mod commands;
mod course;
mod editor;
mod pty;
mod surroundings;
mod try_;
mod watch;
