import CMalloc
import Glibc

/// Memory that only the start of the program needs.
package enum StartMemory {
    /// Gives back what the start used: free heap, and the mapping of the program's own code, of which
    /// little runs from then on. Code that is called again comes back from the page cache, a
    /// microsecond a page; what is not called the kernel may now drop first when memory is short.
    package static func release() {
        malloc_trim(0)
        for code in ownCode() { madvise(code.baseAddress, code.count, MADV_DONTNEED) }
    }

    /// Where the program's file is mapped as code: whole pages that nothing writes to, so that the file
    /// always has them. Empty where the system does not tell.
    private static func ownCode() -> [UnsafeMutableRawBufferPointer] {
        guard let program = realpath("/proc/self/exe", nil),
            let maps = fopen("/proc/self/maps", "r")
        else { return [] }
        defer {
            free(program)
            fclose(maps)
        }
        let path = String(cString: program)
        var code: [UnsafeMutableRawBufferPointer] = []
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, maps) > 0, let line {
            // 55d0c0a00000-55d0c1e00000 r-xp 00a00000 fe:01 131 /usr/bin/phoenix
            let fields = String(cString: line).dropLast().split(separator: " ", maxSplits: 5)
            guard fields.count == 6, fields[1] == "r-xp",
                fields[5].drop(while: { $0 == " " }) == path
            else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { continue }
            code.append(
                UnsafeMutableRawBufferPointer(
                    start: UnsafeMutableRawPointer(bitPattern: ends[0]),
                    count: Int(ends[1] - ends[0])))
        }
        return code
    }
}
