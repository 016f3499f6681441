//! Later.
use crate::args::Handout;
use crate::exit::Exit;
pub(crate) fn run(_options: &Handout) -> anyhow::Result<Exit> {
    Ok(Exit::Passed)
}
