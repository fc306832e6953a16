/// An expression is stored as its SQL, which is short, readable and of any depth:
/// a tree of nested objects would soon meet the limits of JSON decoders.
extension Expression: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let sql = try container.decode(String.self)
        do {
            self = try Parser.parseExpression(sql)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(SQLPrinter.print(self))
    }
}

/// A statement, too, is stored as its SQL; a view's and a trigger's as it was written.
extension SchemaStatement: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let sql = try container.decode(String.self)
        do {
            self = try Parser.parseStatement(sql)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(SQLPrinter.print(self))
    }
}
