import JSON

/// A project as REST shows it. Times in these types are ISO 8601, ids are global ids.
package struct ProjectResource: JSONWritable, Hashable {
    package var id: String
    package var name: String
    package var description: String?

    package init(id: String, name: String, description: String?) {
        self.id = id
        self.name = name
        self.description = description
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("description", description)
        writer.member("id", id)
        writer.endObject()
    }
}

/// Which retention policy a project uses; nil is the default policy.
package struct ProjectRetentionResource: JSONWritable, Hashable {
    package var projectID: String
    package var policyID: String?

    package init(projectID: String, policyID: String?) {
        self.projectID = projectID
        self.policyID = policyID
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("project_id", projectID)
        writer.member("policy_id", policyID)
        writer.endObject()
    }
}
