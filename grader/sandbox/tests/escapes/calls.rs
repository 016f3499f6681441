//! System calls that a decent program does not make.
#![expect(unsafe_code, reason = "hostile programs make raw calls")]

use std::io;

/// Any system call.
pub(crate) fn call(number: i64, arguments: [i64; 5]) -> io::Result<i64> {
    let [first, second, third, fourth, fifth] = arguments;
    // SAFETY: these attacks pass numbers, null, and addresses of memory that outlives the call. That
    // the kernel does as it is asked is what must not happen.
    let result = unsafe { libc::syscall(number, first, second, third, fourth, fifth) };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// The address of a text with a null at its end.
pub(crate) fn address(text: &std::ffi::CStr) -> i64 {
    text.as_ptr() as i64
}

/// `fork(2)`: whether this is the child.
pub(crate) fn fork() -> io::Result<bool> {
    // SAFETY: attacks that fork have one thread.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        child => Ok(child == 0),
    }
}

/// Ends this process without any tidying up.
pub(crate) fn leave() -> ! {
    // SAFETY: it does not return.
    unsafe { libc::_exit(0) }
}

/// `getpid` by the numbers of another architecture.
#[cfg(target_arch = "x86_64")]
pub(crate) fn call_of_32_bits() -> i64 {
    const GETPID_OF_I386: i64 = 20;
    let result: i64;
    // SAFETY: the call touches no memory; r8 to r11 may be lost.
    unsafe {
        std::arch::asm!(
            "int 0x80",
            inlateout("rax") GETPID_OF_I386 => result,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _,
        );
    }
    result
}
