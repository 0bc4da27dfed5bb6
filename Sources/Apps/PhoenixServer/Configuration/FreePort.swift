#if canImport(Glibc)
    import Glibc
#endif

/// Looks whether a port can be listened on, so that a port in use is told before a database is made.
///
/// Whatever else hinders listening is told by the attempt itself.
///
/// - Parameter setting: The variable that chooses the port, for the message.
/// - Throws: ``ConfigurationError`` when another program listens on it.
func requireFreePort(_ port: Int, on host: String, setting: String) throws {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0,
        let address = found?.pointee
    else { return }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var isReused: Int32 = 1
    setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0, errno == EADDRINUSE else {
        return
    }
    throw ConfigurationError(
        "Another program listens on port \(port). Stop it, or set \(setting) to another port.")
}
