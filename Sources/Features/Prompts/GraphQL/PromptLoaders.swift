import GraphQLCore
import PhoenixModel

/// What fields of many things ask for, loaded with one statement for each kind of question.
struct PromptLoaders {
    let store: PromptStore
    let request: RequestContext

    init(_ store: PromptStore, _ context: ResolverContext) {
        self.store = store
        request = context.request
    }

    var prompts: Loader<Prompt.ID, Prompt> {
        request.loader("prompts.prompts") { [store] in try await store.prompts($0) }
    }

    var versions: Loader<PromptVersion.ID, PromptVersion> {
        request.loader("prompts.versions") { [store] in try await store.versions($0) }
    }

    /// The newest first.
    var versionIDs: Loader<Prompt.ID, [PromptVersion.ID]> {
        request.loader("prompts.version ids") { [store] in
            try await store.versionIDs(ofPrompts: $0)
        }
    }

    var places: Loader<PromptVersion.ID, PromptVersionPlace> {
        request.loader("prompts.places") { [store] in try await store.places(ofVersions: $0) }
    }

    var tags: Loader<PromptVersionTag.ID, PromptVersionTag> {
        request.loader("prompts.tags") { [store] in try await store.tags($0) }
    }

    var tagsOfPrompts: Loader<Prompt.ID, [PromptVersionTag]> {
        request.loader("prompts.tags of prompts") { [store] in
            try await store.tags(ofPrompts: $0)
        }
    }

    var labels: Loader<PromptLabel.ID, PromptLabel> {
        request.loader("prompts.labels") { [store] in try await store.labels($0) }
    }
}
