/// How long a test waits for what must come. Only a test that fails waits this long: a machine
/// with other work may take its time.
package let patience = Duration.seconds(60)

/// Returns as soon as `condition` holds, or when the ``patience`` is over; the test then looks for
/// itself.
package func wait(until condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + patience
    while !condition(), ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(5))
    }
}
