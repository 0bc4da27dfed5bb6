/// What a span and everything below it add up to.
package struct CumulativeCounts: Hashable, Sendable {
    package var errors: Int64 = 0
    package var promptTokens: Int64 = 0
    package var completionTokens: Int64 = 0

    package init(errors: Int64 = 0, promptTokens: Int64 = 0, completionTokens: Int64 = 0) {
        self.errors = errors
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    package var isZero: Bool { errors == 0 && promptTokens == 0 && completionTokens == 0 }

    package static func + (left: Self, right: Self) -> Self {
        Self(
            errors: left.errors &+ right.errors,
            promptTokens: left.promptTokens &+ right.promptTokens,
            completionTokens: left.completionTokens &+ right.completionTokens)
    }

    package static func += (left: inout Self, right: Self) { left = left + right }

    package static prefix func - (counts: Self) -> Self {
        Self(
            errors: -counts.errors, promptTokens: -counts.promptTokens,
            completionTokens: -counts.completionTokens)
    }
}
