//! Hints, from a nudge to what nearly gives it away.

use harness::Hints;

pub(crate) const HINTS: &[Hints] = &[
    Hints::new(
        "receives",
        &[
            "A header comes, then the content, then your answer. What must be true before you answer \
             with 06?",
            "Stored means: all bytes are there, they are on the disk, and the file has its name. The \
             disk is asked with sync_all, and the folder that holds the name is one more file to sync.",
            "    let received = io::copy(&mut connection.take(size), &mut file)?;\n    …\n    \
             file.sync_all()?;\n    fs::rename(&incoming, dir.join(name))?;\n    \
             File::open(dir)?.sync_all()",
        ],
    ),
    Hints::new(
        "sends",
        &[
            "The header holds the file's name, without the way to it, and its size. What does your \
             exit status depend on?",
            "The name's length counts bytes, not letters: name.len(). Two bytes, big-endian; the size \
             has eight.",
            "Read one byte of answer. Only 06 is status 0; refused, another byte, or the end before \
             any answer is status 1, with a line on standard error.",
        ],
    ),
    Hints::new(
        "both-ends",
        &[
            "Two of your programs wait for each other. Who has to do the next step?",
            "The receiver must not wait for the sender to close: the header says how many bytes come. \
             The sender must not close before it has read the answer.",
        ],
    ),
    Hints::new(
        "empty-file",
        &[
            "A size of 0 is a size like any other.",
            "Do not wait for a first byte of content. The file is made, stored and answered with 06 as \
             any other; and a sender sends the header, even if nothing follows.",
        ],
    ),
    Hints::new(
        "refuses-unsafe-names",
        &[
            "The name comes from somebody you do not know. Where would ../key lead?",
            "A name is allowed if it names something in DIR and nothing else: no / and no \\, no zero \
             byte, not . and not .., 1 to 255 bytes, and UTF-8. Nothing else is wrong with a name: ..a \
             is one.",
            "    let has_a_length = (1..=255).contains(&name.len());\n    has_a_length && name != \".\" \
             && name != \"..\" && !name.contains(['/', '\\\\', '\\0'])",
        ],
    ),
    Hints::new(
        "keeps-what-exists",
        &[
            "Something of that name is there already. Which kinds of things can that be?",
            "A file, a folder, or a link, even one that leads nowhere: exists() says no to that one.",
            "path.symlink_metadata().is_ok() looks at the name itself. Answer with 15 and change \
             nothing.",
        ],
    ),
    Hints::new(
        "cut-short",
        &[
            "The sender is gone before all has come. What lies in DIR now?",
            "Compare how much has come with what the header said. Less: remove what you have begun, \
             and do not answer.",
            "Every way out of storing, errors too, must go past the place where the half file is \
             removed.",
        ],
    ),
    Hints::new(
        "large-file",
        &[
            "A file may be larger than your memory. How much of it does your program hold at a time?",
            "Not read_to_end, not fs::read, not a Vec of the size that the header names: a piece, \
             written before the next is read. io::copy does that.",
            "    io::copy(&mut connection.take(size), &mut file)?;",
        ],
    ),
    Hints::new(
        "slow-sender",
        &[
            "The bytes come one by one. What would somebody see who looks into DIR meanwhile?",
            "Under its own name the file appears when it is complete, not before: write to another name \
             and rename. No client may be able to send a file of that other name.",
        ],
    ),
    Hints::new(
        "two-files-in-turn",
        &[
            "After the first file comes a second connection. Is your program still there?",
            "One file a connection: accept again in a loop. The same name a second time is refused.",
        ],
    ),
    Hints::new(
        "source-missing",
        &[
            "There is no such file. What does the receiver hear of it?",
            "Nothing: open the file before you connect. A line on standard error, and status 1.",
        ],
    ),
    Hints::new(
        "survives-a-reset",
        &[
            "A sender is gone. What does the error end in your program: the connection, or the server?",
            "    if let Err(error) = receive_file(connection, dir) {\n        eprintln!(\"send-file: \
             {error}\");\n    }",
        ],
    ),
];
