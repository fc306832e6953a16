extension ColumnDefinition {
    /// `GENERATED ALWAYS AS (…)`, stored or not.
    package var isGenerated: Bool {
        constraints.contains { if case .generated = $0.kind { true } else { false } }
    }

    /// Generated when it is read: it holds no values.
    package var isVirtual: Bool {
        constraints.contains { if case .generated(_, .virtual) = $0.kind { true } else { false } }
    }

    /// Declared `NOT NULL`; what a primary key implies is not in here.
    package var isNotNull: Bool {
        constraints.contains { if case .notNull = $0.kind { true } else { false } }
    }
}
