using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <summary>The name and the schemas of a tool, which the calls of a script are compared with.</summary>
internal interface ICalledTool
{
    string Name { get; }

    /// <summary>The schema that arguments are checked against.</summary>
    SchemaNode HeldSchema { get; }

    /// <summary>True if arguments are checked against the schema itself, because there is no C# type.</summary>
    bool IsHeldToSchema { get; }

    /// <summary>The schema of its answer; null if it cannot be read.</summary>
    SchemaNode? AnswerSchema { get; }
}
