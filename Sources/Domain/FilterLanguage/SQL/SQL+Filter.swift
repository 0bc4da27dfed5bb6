import SQLCore

/// Conversions of values whose type is known per row only. All give NULL for what they cannot read.
extension SQL {
    /// A JSON document's text: strings without quotes, everything else as it is written.
    package static func text(ofJSON json: SQL) -> SQL {
        .dialect(
            sqlite: """
                (SELECT CASE json_type(j.v) WHEN 'text' THEN json_extract(j.v, '$') \
                WHEN 'null' THEN NULL ELSE j.v END FROM (SELECT \(json) AS v) AS j)
                """,
            postgres: "((\(json))::jsonb #>> '{}')")
    }

    /// A JSON number, or a JSON string that reads as a finite one.
    package static func number(ofJSON json: SQL) -> SQL {
        .dialect(
            sqlite: """
                (SELECT CASE json_type(j.v) WHEN 'integer' THEN CAST(j.v AS REAL) \
                WHEN 'real' THEN CAST(j.v AS REAL) \
                WHEN 'text' THEN \(sqliteNumber(ofText: "json_extract(j.v, '$')")) END \
                FROM (SELECT \(json) AS v) AS j)
                """,
            postgres: """
                (SELECT CASE jsonb_typeof(j.v) WHEN 'number' \
                THEN \(postgresDouble("(j.v #>> '{}')::numeric")) \
                WHEN 'string' THEN \(postgresNumber(ofText: "(j.v #>> '{}')")) END \
                FROM (SELECT (\(json))::jsonb AS v) AS j)
                """)
    }

    /// A JSON boolean, 0 or 1, or a string that says so.
    package static func condition(ofJSON json: SQL) -> SQL {
        """
        (CASE LOWER(\(text(ofJSON: json))) WHEN 'true' THEN TRUE WHEN '1' THEN TRUE \
        WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END)
        """
    }

    package static func number(ofText text: SQL) -> SQL {
        .dialect(sqlite: sqliteNumber(ofText: text), postgres: postgresNumber(ofText: text))
    }

    // A number of JSON is one for us too, and SQLite has a check for those but no regular
    // expressions.
    private static func sqliteNumber(ofText text: SQL) -> SQL {
        """
        CASE WHEN json_valid(TRIM(\(text), ' +')) AND json_type(TRIM(\(text), ' +')) \
        IN ('integer', 'real') THEN CAST(TRIM(\(text), ' +') AS REAL) END
        """
    }

    private static func postgresNumber(ofText text: SQL) -> SQL {
        """
        CASE WHEN BTRIM(\(text)) ~ '^[+-]?[0-9]{1,250}(\\.[0-9]{0,250})?([eE][+-]?[0-9]{1,3})?$' \
        THEN \(postgresDouble("BTRIM(\(text))::numeric")) END
        """
    }

    // PostgreSQL fails the whole statement when a number is too large or too small for a double.
    private static func postgresDouble(_ number: SQL) -> SQL {
        """
        CASE WHEN ABS(\(number)) < 1e-300 THEN 0::float8 \
        WHEN ABS(\(number)) < 1e308 THEN (\(number))::float8 END
        """
    }
}
