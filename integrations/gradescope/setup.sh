#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image: the archive is unpacked in
# /autograder/source (https://gradescope-autograders.readthedocs.io/en/latest/specs/).
set -euo pipefail
root="${AUTOGRADER:-/autograder}"
course="$root/source/course"
lesson=$(cat "$root/source/lesson")

if ! command -v cargo >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq build-essential
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ca-certificates
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq curl
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
fi
# rustup's file is there only where rustup has installed cargo.
cargo_env="${HOME:-/root}/.cargo/env"
if [ -f "$cargo_env" ]; then . "$cargo_env"; fi

cd "$course"
cargo build --quiet --package socklings
# What each submission is compiled against.
cargo build --quiet --package "$lesson-solution"
