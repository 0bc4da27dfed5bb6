import CMalloc

/// Settings of the C library's allocator that keep a server's memory near what it uses.
package enum AllocatorSettings {
    /// Call it before any other thread exists.
    ///
    /// - Blocks of 256 KiB and more, which are request bodies for the most part, get pages of their own
    ///   and give them back at once. Without a fixed threshold glibc raises it to 32 MiB after the first
    ///   such block, and a burst of bodies stays with the process for ever.
    /// - Two arenas are enough for two cores; more only hold more that is free.
    package static func apply() {
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
        mallopt(M_ARENA_MAX, 2)
    }

    /// Gives free memory back to the system: after work that took far more than most, whose many small
    /// blocks would stay with the process for ever. It costs milliseconds for each 100 MiB.
    package static func giveBack() {
        malloc_trim(0)
    }
}
