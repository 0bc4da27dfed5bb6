/// What every schema has besides its own definitions (October 2021, section 4).
enum Introspection {
    static let typeNames: Set<String> = [
        "__Schema", "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue",
        "__Directive", "__DirectiveLocation",
    ]
    static let directiveNames: Set<String> = [
        "include", "skip", "deprecated", "specifiedBy", "oneOf",
    ]

    static let typenameField = field("__typename", .nonNull(.named("String")))
    static let schemaField = field("__schema", .nonNull(.named("__Schema")))
    static let typeField = field(
        "__type", .named("__Type"),
        [
            InputValueDefinition(
                name: "name", description: nil, type: .nonNull(.named("String")),
                defaultValue: nil, deprecationReason: nil, directives: [])
        ])

    private static func field(
        _ name: String, _ type: TypeReference, _ arguments: [InputValueDefinition] = []
    ) -> FieldDefinition {
        FieldDefinition(
            name: name, description: nil, arguments: Members(arguments), type: type,
            deprecationReason: nil, directives: [])
    }

    static let definitions = """
        "A text of UTF-8 characters."
        scalar String
        "A whole number between -(2^31) and 2^31 - 1."
        scalar Int
        "A finite number of double precision (IEEE 754)."
        scalar Float
        "`true` or `false`."
        scalar Boolean
        "A unique identifier, written as text; a whole number is accepted as input."
        scalar ID

        "Includes the field or fragment only when `if` is true."
        directive @include("Included when true." if: Boolean!)
            on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Leaves the field or fragment out when `if` is true."
        directive @skip("Left out when true." if: Boolean!)
            on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Marks an element of the schema that is kept for old clients only."
        directive @deprecated(
            "Why, and what to use instead, in Markdown." reason: String! = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
            | DIRECTIVE_DEFINITION
        "Names the specification of a scalar."
        directive @specifiedBy("The address of the specification." url: String!) on SCALAR
        "Asks for exactly one field of the input object, and that it is not null."
        directive @oneOf on INPUT_OBJECT

        "All types and directives of the server, and where operations begin."
        type __Schema {
            description: String
            types: [__Type!]!
            queryType: __Type!
            mutationType: __Type
            subscriptionType: __Type
            directives(includeDeprecated: Boolean! = false): [__Directive!]!
        }
        "A type of any kind; which fields have a value depends on the kind."
        type __Type {
            kind: __TypeKind!
            name: String
            description: String
            specifiedByURL: String
            fields(includeDeprecated: Boolean! = false): [__Field!]
            interfaces: [__Type!]
            possibleTypes: [__Type!]
            enumValues(includeDeprecated: Boolean! = false): [__EnumValue!]
            inputFields(includeDeprecated: Boolean! = false): [__InputValue!]
            ofType: __Type
            isOneOf: Boolean
        }
        enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
        "A field of an object or an interface."
        type __Field {
            name: String!
            description: String
            args(includeDeprecated: Boolean! = false): [__InputValue!]!
            type: __Type!
            isDeprecated: Boolean!
            deprecationReason: String
        }
        "An argument or a field of an input object."
        type __InputValue {
            name: String!
            description: String
            type: __Type!
            "The default as a literal of the language."
            defaultValue: String
            isDeprecated: Boolean!
            deprecationReason: String
        }
        type __EnumValue {
            name: String!
            description: String
            isDeprecated: Boolean!
            deprecationReason: String
        }
        type __Directive {
            name: String!
            description: String
            isRepeatable: Boolean!
            locations: [__DirectiveLocation!]!
            args(includeDeprecated: Boolean! = false): [__InputValue!]!
            isDeprecated: Boolean!
            deprecationReason: String
        }
        enum __DirectiveLocation {
            QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT
            VARIABLE_DEFINITION FRAGMENT_VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION
            ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
            INPUT_FIELD_DEFINITION DIRECTIVE_DEFINITION
        }
        """
}
