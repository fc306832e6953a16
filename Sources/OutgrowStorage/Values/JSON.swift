/// A JSON value.
public struct JSON: Sendable, Hashable {
    var text: String
}
