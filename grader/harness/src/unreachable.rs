//! Addresses that no packet gets to.

use std::net::{Ipv4Addr, SocketAddr};

use crate::arena;
use crate::failure::{GraderError, Stopped, Verdict};
use crate::run::Run;

/// TEST-NET-1 and TEST-NET-2, which belong to nobody (RFC 5737).
const NETWORK: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const HOST: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);

impl Run {
    /// An address in a network to which there is no route: connect fails with ENETUNREACH. Only an
    /// isolated arena has one: what the machine's own network does with it, nobody knows.
    pub fn unreachable_network(&mut self) -> Verdict<SocketAddr> {
        self.needs_isolation()?;
        Ok(SocketAddr::from((NETWORK, self.random().port())))
    }

    /// An address of a host that a route says cannot be reached: connect fails with EHOSTUNREACH.
    pub fn unreachable_host(&mut self) -> Verdict<SocketAddr> {
        self.needs_isolation()?;
        arena::make_unreachable(HOST).map_err(GraderError::system("adding a route"))?;
        Ok(SocketAddr::from((HOST, self.random().port())))
    }

    fn needs_isolation(&self) -> Verdict {
        if self.stage().arena.is_isolated() {
            return Ok(());
        }
        let reason = "it needs a network of its own";
        Err(Stopped::Skipped(reason.into()))
    }
}
