using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>Collects the types that a signature names, generic arguments included.</summary>
/// <param name="found">Notified of types of the same assembly.</param>
/// <param name="foundOther">Notified of types of other assemblies.</param>
internal sealed class SignatureTypes(Action<TypeDefinitionHandle> found, Action<TypeReferenceHandle>? foundOther = null)
    : ISignatureTypeProvider<object?, object?>
{
    public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        found(handle);
        return null;
    }

    public object? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public object? GetGenericInstantiation(object? genericType, ImmutableArray<object?> typeArguments) => null;

    public object? GetArrayType(object? elementType, ArrayShape shape) => null;

    public object? GetSZArrayType(object? elementType) => null;

    public object? GetByReferenceType(object? elementType) => null;

    public object? GetPointerType(object? elementType) => null;

    public object? GetPinnedType(object? elementType) => null;

    public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

    public object? GetGenericMethodParameter(object? genericContext, int index) => null;

    public object? GetGenericTypeParameter(object? genericContext, int index) => null;

    public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

    public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

    public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        foundOther?.Invoke(handle);
        return null;
    }
}
