import Foundation

extension JSONDecoder {
    /// Reads the names of the tool's documents, which have underscores.
    static var snakeCase: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
