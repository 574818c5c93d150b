using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>Counts nested types as part of their outermost type: closures, iterators and state machines are nested types too.</summary>
internal static class OutermostTypes
{
    public static TypeDefinitionHandle Of(MetadataReader reader, TypeDefinitionHandle type)
    {
        while (reader.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } declaring) type = declaring;
        return type;
    }

    public static string NameOf(MetadataReader reader, TypeDefinitionHandle type)
    {
        string name = reader.GetString(reader.GetTypeDefinition(type).Name);
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }
}
