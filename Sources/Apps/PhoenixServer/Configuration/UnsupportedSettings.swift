/// Variables of the contract that this version does not act on.
enum UnsupportedSettings {
    /// What a user who sets these to true relies on; going on without would be unsafe.
    private static let refused = [
        "PHOENIX_ENABLE_AUTH", "PHOENIX_POSTGRES_USE_AWS_IAM_AUTH",
        "PHOENIX_POSTGRES_USE_AZURE_MANAGED_IDENTITY",
    ]

    /// Variables that are understood, or belong to clients.
    private static let known: Set<String> = [
        "PHOENIX_HOST", "PHOENIX_PORT", "PHOENIX_GRPC_PORT", "PHOENIX_HOST_ROOT_PATH",
        "PHOENIX_WORKING_DIR", "PHOENIX_ALLOWED_ORIGINS", "PHOENIX_MAX_SPANS_QUEUE_SIZE",
        "PHOENIX_TLS_ENABLED", "PHOENIX_TLS_ENABLED_FOR_HTTP", "PHOENIX_TLS_ENABLED_FOR_GRPC",
        "PHOENIX_TLS_CERT_FILE", "PHOENIX_TLS_KEY_FILE", "PHOENIX_TLS_KEY_FILE_PASSWORD",
        "PHOENIX_TLS_VERIFY_CLIENT", "PHOENIX_TLS_CA_FILE", "PHOENIX_SQL_DATABASE_URL",
        "PHOENIX_SQL_DATABASE_READ_REPLICA_URL", "PHOENIX_SQL_DATABASE_SCHEMA",
        "PHOENIX_POSTGRES_HOST", "PHOENIX_POSTGRES_PORT", "PHOENIX_POSTGRES_USER",
        "PHOENIX_POSTGRES_PASSWORD", "PHOENIX_POSTGRES_DB",
        "PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS", "PHOENIX_LOG_MIGRATIONS",
        "PHOENIX_DEFAULT_RETENTION_POLICY_DAYS",
        "PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES",
        "PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE",
        "PHOENIX_ENABLE_PROMETHEUS", "PHOENIX_PROMETHEUS_PORT", "PHOENIX_LOGGING_MODE",
        "PHOENIX_LOGGING_LEVEL", "PHOENIX_API_KEY", "PHOENIX_ENDPOINT", "PHOENIX_CLIENT_HEADERS",
        "PHOENIX_COLLECTOR_ENDPOINT", "PHOENIX_PROJECT_NAME", "PHOENIX_NOTEBOOK_ENV",
        "PHOENIX_UI_DIR", "PHOENIX_SECRET",
    ]

    /// - Returns: A sentence for each variable that has no effect.
    /// - Throws: ``ConfigurationError`` when going on without the feature would be unsafe.
    static func check(_ environment: Environment) throws -> [String] {
        for name in refused where try environment.flag(name) ?? false {
            throw ConfigurationError(
                "\(name) is true, but this version of Phoenix does not have that feature. Unset it, "
                    + "and mind that the server is then open to whoever reaches it.")
        }
        return environment.names
            .filter { $0.hasPrefix("PHOENIX_") && !known.contains($0) && !refused.contains($0) }
            .map { "\($0) is set, but this version of Phoenix does not act on it." }
    }
}
