using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Enclave.Architecture.UnitTests.Layers;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>The members that the code of compiled projects names, and those that it declares and that no other program can name.</summary>
/// <remarks>Members are known by the names of type and member: overloads count as one. Constants are not in compiled code.</remarks>
internal sealed class MemberUses
{
    private readonly HashSet<string> _used = [];
    private readonly List<string> _declared = [];

    public IEnumerable<string> Unused => _declared.Where((member) => !_used.Contains(member)).Distinct().Order(StringComparer.Ordinal);

    public void Read(string assemblyPath)
    {
        using PEReader assembly = new(File.OpenRead(assemblyPath));
        MetadataReader reader = assembly.GetMetadataReader();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            foreach (MethodDefinitionHandle method in type.GetMethods()) ReadBody(assembly, reader, reader.GetMethodDefinition(method));
            if (IsWritten(reader, type)) Declare(reader, type, TypeNames.Of(reader, handle), IsSeen(reader, type));
        }
    }

    private void Declare(MetadataReader reader, TypeDefinition type, string name, bool isSeen)
    {
        HashSet<MethodDefinitionHandle> implementations = [.. type.GetMethodImplementations()
            .Select((handle) => reader.GetMethodImplementation(handle).MethodBody)
            .Where((body) => body.Kind == HandleKind.MethodDefinition).Select((body) => (MethodDefinitionHandle)body)];
        HashSet<MethodDefinitionHandle> accessors = [];
        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            PropertyDefinition property = reader.GetPropertyDefinition(handle);
            PropertyAccessors both = property.GetAccessors();
            accessors.UnionWith([both.Getter, both.Setter]);
            // A property that is only set is not used.
            MethodDefinitionHandle one = both.Getter.IsNil ? both.Setter : both.Getter;
            if (!IsFree(reader, one, implementations, isSeen)) continue;
            _declared.Add($"{name}.{reader.GetString(reader.GetMethodDefinition(one).Name)}");
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            if (accessors.Contains(handle) || !IsFree(reader, handle, implementations, isSeen)) continue;
            MethodDefinition method = reader.GetMethodDefinition(handle);
            string called = reader.GetString(method.Name);
            if (called[0] is not ('<' or '.') && !called.StartsWith("op_", StringComparison.Ordinal) && !IsGenerated(reader, method))
                _declared.Add($"{name}.{called}");
        }
    }

    /// <summary>True if only the code of these projects can call it: no override, no implementation of an interface, not public.</summary>
    private static bool IsFree(MetadataReader reader, MethodDefinitionHandle handle, HashSet<MethodDefinitionHandle> implementations, bool isSeen)
    {
        MethodDefinition method = reader.GetMethodDefinition(handle);
        bool isPublic = (method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family
            or MethodAttributes.FamORAssem;
        return !(isSeen && isPublic) && !implementations.Contains(handle) && (method.Attributes & MethodAttributes.Virtual) == 0;
    }

    private void ReadBody(PEReader assembly, MetadataReader reader, MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0) return;
        foreach (EntityHandle token in MethodBodies.Tokens(assembly.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!)) Use(reader, token);
    }

    private void Use(MetadataReader reader, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodDefinition:
                MethodDefinition method = reader.GetMethodDefinition((MethodDefinitionHandle)token);
                _used.Add($"{TypeNames.Of(reader, method.GetDeclaringType())}.{reader.GetString(method.Name)}");
                break;
            case HandleKind.MethodSpecification:
                Use(reader, reader.GetMethodSpecification((MethodSpecificationHandle)token).Method);
                break;
            case HandleKind.MemberReference:
                MemberReference member = reader.GetMemberReference((MemberReferenceHandle)token);
                if (TypeNames.Of(reader, member.Parent) is { } parent) _used.Add($"{parent}.{reader.GetString(member.Name)}");
                break;
            default:
                break;
        }
    }

    private static bool IsSeen(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsSeen(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    /// <summary>True if a person wrote it: closures, iterators and generated types have names with a bracket, and JSON's contexts are generated.</summary>
    private static bool IsWritten(MetadataReader reader, TypeDefinition type) =>
        !reader.GetString(type.Name).Contains('<', StringComparison.Ordinal)
            && TypeNames.Of(reader, type.BaseType) != "System.Text.Json.Serialization.JsonSerializerContext"
            && (type.GetDeclaringType().IsNil || IsWritten(reader, reader.GetTypeDefinition(type.GetDeclaringType())));

    /// <summary>True for the members that the compiler adds to a record.</summary>
    private static bool IsGenerated(MetadataReader reader, MethodDefinition method) => method.GetCustomAttributes()
        .Select((handle) => reader.GetCustomAttribute(handle).Constructor)
        .Any((constructor) => constructor.Kind == HandleKind.MemberReference
            && TypeNames.Of(reader, reader.GetMemberReference((MemberReferenceHandle)constructor).Parent) is { } name
            && name.EndsWith("CompilerGeneratedAttribute", StringComparison.Ordinal));
}
