#if canImport(Glibc)
    import Glibc
#endif

/// The time of the system's clock in microseconds since 1970.
@Sendable package func systemMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}
