/// The settings that a session of ours must not inherit from the role or the database.
///
/// `ALTER ROLE … SET statement_timeout` would end a long COPY; a foreign DateStyle or search
/// path would change what text means. A setting that the server does not
/// know, or whose value it was built without, is left out when it is not required.
package struct SessionSettings: Sendable, Equatable {
    package struct Setting: Sendable, Equatable {
        package var name: String
        package var value: String
        /// A server that lacks the setting cannot be used; else it is passed over.
        package var isRequired: Bool
    }

    package private(set) var settings: [Setting]

    package init(_ settings: [Setting] = []) { self.settings = settings }

    /// For every connection: no timeouts of others, one meaning of text.
    package static let standard = SessionSettings()
        .adding("statement_timeout", "0")
        .adding("idle_in_transaction_session_timeout", "0")
        .adding("idle_session_timeout", "0", isRequired: false)
        .adding("transaction_timeout", "0", isRequired: false)
        .adding("standard_conforming_strings", "on")
        .adding("DateStyle", "ISO, YMD")
        .adding("IntervalStyle", "postgres")
        .adding("TimeZone", "UTC")
        .adding("extra_float_digits", "1")
        .adding("bytea_output", "hex")
        .adding("row_security", "off")

    /// For an application: one meaning of text. Time-outs and row security stay as the role and the database have them.
    package static let application = SessionSettings()
        .adding("standard_conforming_strings", "on")
        .adding("DateStyle", "ISO, YMD")
        .adding("IntervalStyle", "postgres")
        .adding("TimeZone", "UTC")
        .adding("extra_float_digits", "1")
        .adding("bytea_output", "hex")

    /// Returns a copy in which the session acts as `role`, as after SET ROLE; nil changes nothing.
    package func acting(as role: String?) -> SessionSettings {
        role.map { adding("role", $0) } ?? self
    }

    /// Returns a copy with `name` set; the last value of a name wins.
    package func adding(_ name: String, _ value: String, isRequired: Bool = true) -> SessionSettings {
        let others = settings.filter { $0.name != name }
        return SessionSettings(others + [Setting(name: name, value: value, isRequired: isRequired)])
    }
}
