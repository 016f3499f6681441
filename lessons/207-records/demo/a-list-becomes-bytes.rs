//! What a list is in memory, and what can be sent in its place.

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<i64> = vec![1, 2, 300];

    // What the variable itself holds: where the numbers are, how many, room for how many.
    println!("the Vec:      {} bytes", size_of_val(&numbers));
    println!(
        "its numbers:  {} of them at {:p}",
        numbers.len(),
        numbers.as_ptr()
    );
    for number in &numbers {
        println!("              {:02x?}", number.to_ne_bytes());
    }

    // What means the same to everybody.
    let line = json!({ "result": numbers }).to_string();
    println!("as JSON:      {line}");
    println!(
        "              {} bytes: {:02x?}",
        line.len(),
        line.as_bytes()
    );

    // And back. A Value is whatever JSON can say; who reads it asks what it is.
    let answer: Value = serde_json::from_slice(line.as_bytes())?;
    println!("read again:   {}", answer["result"]);
    println!("the last:     {:?}", answer["result"][2].as_i64());
    println!("no such:      {:?}", answer["error"].as_str());
    Ok(())
}
