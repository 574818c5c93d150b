using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>Collects the types of the same assembly that an attribute's arguments name with <c>typeof</c>.</summary>
internal sealed class AttributeTypes(MetadataReader reader, Action<TypeDefinitionHandle> found) : ICustomAttributeTypeProvider<string>
{
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSystemType() => "System.Type";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public bool IsSystemType(string type) => type == "System.Type";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        found(handle);
        return reader.GetString(reader.GetTypeDefinition(handle).Name);
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    // The argument's type is stored as text, with its assembly unless that is the attribute's own.
    public string GetTypeFromSerializedName(string name)
    {
        string outermost = name.Split(',', '+', '[')[0];
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            if (!type.Namespace.IsNil && $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}" == outermost) found(handle);
        }
        return outermost;
    }

    // No attribute here takes an enum of another width.
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;
}
