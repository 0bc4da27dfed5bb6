/// Who serves the model of a prompt.
package enum ModelProvider: String, Hashable, Sendable, CaseIterable {
    case openAI = "OPENAI"
    case azureOpenAI = "AZURE_OPENAI"
    case anthropic = "ANTHROPIC"
    case google = "GOOGLE"
    case deepSeek = "DEEPSEEK"
    case xAI = "XAI"
    case ollama = "OLLAMA"
    case aws = "AWS"
    case cerebras = "CEREBRAS"
    case fireworks = "FIREWORKS"
    case groq = "GROQ"
    case moonshot = "MOONSHOT"
    case miniMax = "MINIMAX"
    case perplexity = "PERPLEXITY"
    case together = "TOGETHER"
    case zAI = "ZAI"
    case meta = "META"

    /// Which parameters a call of a model takes.
    package enum Family: String, Hashable, Sendable, CaseIterable {
        case openAI = "openai"
        case anthropic, google, aws
    }

    package var family: Family {
        switch self {
        case .anthropic: .anthropic
        case .google: .google
        case .aws: .aws
        default: .openAI
        }
    }

    /// The discriminator of the provider's invocation parameters, which is also the member that
    /// holds them.
    package var parametersType: String {
        // MiniMax has no form of its own.
        self == .miniMax ? Family.openAI.rawValue : rawValue.lowercased()
    }

    /// The providers whose parameters have a form of their own, in the contract's order.
    package static var withOwnParameters: [ModelProvider] {
        [
            .openAI, .azureOpenAI, .anthropic, .google, .deepSeek, .xAI, .ollama, .aws, .cerebras,
            .fireworks, .groq, .moonshot, .perplexity, .together, .zAI, .meta,
        ]
    }

    /// How the contract writes the provider in the names of shapes.
    package var shapeName: String {
        switch self {
        case .openAI: "OpenAI"
        case .azureOpenAI: "AzureOpenAI"
        case .anthropic: "Anthropic"
        case .google: "Google"
        case .deepSeek: "DeepSeek"
        case .xAI: "XAI"
        case .ollama: "Ollama"
        case .aws: "Aws"
        case .cerebras: "Cerebras"
        case .fireworks: "Fireworks"
        case .groq: "Groq"
        case .moonshot: "Moonshot"
        case .miniMax: "MiniMax"
        case .perplexity: "Perplexity"
        case .together: "Together"
        case .zAI: "ZAI"
        case .meta: "Meta"
        }
    }
}
