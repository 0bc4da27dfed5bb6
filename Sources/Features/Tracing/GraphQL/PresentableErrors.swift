import FilterLanguage
import GraphQLCore

// What is wrong with a filter, and what this feature refuses, is said to the client.
extension FilterError: GraphQLPresentableError {}
extension TracingError: GraphQLPresentableError {}
