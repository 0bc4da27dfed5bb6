import CZlib

/// Compresses one gzip stream, whole or piece by piece. Not for use by two tasks at once.
package final class GzipCompressor {
    private var stream = z_stream()
    private var isFinished = false

    /// - Parameter level: 1 (fast) to 9 (small).
    package init(level: Int32 = 5) {
        let code = czlib_deflate_init(&stream, level, 15 + 16)
        precondition(code == Z_OK, "zlib did not start (code \(code)).")
    }

    deinit {
        deflateEnd(&stream)
    }

    /// The whole of `bytes` as one gzip member.
    package static func compress(_ bytes: [UInt8], level: Int32 = 5) -> [UInt8] {
        let compressor = GzipCompressor(level: level)
        let bound = Int(deflateBound(&compressor.stream, UInt(bytes.count)))
        return compressor.run(bytes, flush: Z_FINISH, firstRoom: bound)
    }

    /// Compresses a piece so that the reader can decompress all of it at once, which live streams
    /// need and which costs a few bytes a call.
    package func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty ? [] : run(bytes, flush: Z_SYNC_FLUSH, firstRoom: bytes.count / 2 + 64)
    }

    /// Ends the stream; call it once, after the last piece.
    package func finish() -> [UInt8] {
        run([], flush: Z_FINISH, firstRoom: 64)
    }

    private func run(_ bytes: [UInt8], flush: Int32, firstRoom: Int) -> [UInt8] {
        precondition(!isFinished, "The gzip stream is finished already.")
        isFinished = flush == Z_FINISH
        return bytes.withUnsafeBytes { input in
            stream.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.avail_in = UInt32(input.count)
            var output: [UInt8] = []
            var room = firstRoom
            var isDone = false
            repeat {
                let piece = [UInt8](unsafeUninitializedCapacity: room) { target, count in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    let code = deflate(&stream, flush)
                    count = room - Int(stream.avail_out)
                    isDone =
                        flush == Z_FINISH
                        ? code == Z_STREAM_END : stream.avail_in == 0 && stream.avail_out > 0
                }
                if output.isEmpty { output = piece } else { output += piece }
                room = max(room, 4096)
            } while !isDone
            return output
        }
    }
}
