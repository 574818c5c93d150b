using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>Names of types in metadata, with their namespaces and the types around them.</summary>
internal static class TypeNames
{
    /// <summary>The name of a type by any handle; null if the handle is no type's.</summary>
    public static string? Of(MetadataReader reader, EntityHandle parent) => parent.IsNil ? null : parent.Kind switch
    {
        HandleKind.TypeDefinition => Of(reader, (TypeDefinitionHandle)parent),
        HandleKind.TypeReference => Of(reader, (TypeReferenceHandle)parent),
        HandleKind.TypeSpecification => GenericOf(reader, (TypeSpecificationHandle)parent),
        _ => null,
    };

    private static string? GenericOf(MetadataReader reader, TypeSpecificationHandle handle)
    {
        BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        blob.ReadCompressedInteger();
        return Of(reader, blob.ReadTypeHandle());
    }

    public static string Of(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{Of(reader, outer)}+{name}" : $"{reader.GetString(type.Namespace)}.{name}";
    }

    public static string Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Of(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
