import Diagnostics

#if canImport(Glibc)
    import Glibc
#endif

/// What the process itself uses, from the system's accounts.
enum ProcessMetrics {
    static func register(in registry: MetricsRegistry) {
        registry.gauge(
            "memory_usage_bytes", help: "Memory of the process that is resident."
        ) { Double(residentBytes()) }
        registry.gauge(
            "process_cpu_seconds", help: "Processor time of the process, user and system."
        ) { cpuSeconds() }
    }

    /// The resident set, from `/proc/self/statm`; 0 where there is none.
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
        }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
