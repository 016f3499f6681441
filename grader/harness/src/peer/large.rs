//! Transfers that are too large to be held in memory: made, sent, received and compared block by block.

use super::TcpPeer;
use crate::clock;
use crate::failure::Verdict;
use crate::large::Large;

impl TcpPeer {
    /// Sends all of `content`. The program may have to bring it to a disk as it comes.
    pub fn send_large(&mut self, content: &mut Large) -> Verdict {
        for number in 0..content.blocks() {
            self.offer(content.block(number));
            self.wait_until_taken(clock::DISK)?;
            self.taken_unless_stranded()?;
        }
        Ok(())
    }

    /// Expects that exactly `content` comes next.
    pub fn expect_large(&mut self, content: &mut Large) -> Verdict {
        let blocks = content.blocks();
        for number in 0..blocks {
            let about = format!("MiB {} of {blocks} of the content", number + 1);
            self.expect(content.block(number))
                .map_err(|stopped| stopped.about(&about))?;
        }
        Ok(())
    }
}
