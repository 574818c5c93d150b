using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// Finds the types of its own assembly that a type uses: base types, interfaces, fields, signatures, attributes, constraints, and the types that the bodies
/// of its methods call, create, cast and catch. <see cref="SourceUses"/> sees the uses of constants.
/// </summary>
internal sealed class TypeUses(PEReader assembly, MetadataReader reader)
{
    /// <summary>Returns each pair of outermost types in which the first uses the second.</summary>
    public IEnumerable<(TypeDefinitionHandle From, TypeDefinitionHandle To)> All()
    {
        HashSet<(TypeDefinitionHandle, TypeDefinitionHandle)> uses = [];
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinitionHandle from = OutermostTypes.Of(reader, handle);
            void Found(TypeDefinitionHandle used) => uses.Add((from, OutermostTypes.Of(reader, used)));
            ReadType(reader.GetTypeDefinition(handle), new(Found), new(reader, Found));
        }
        return uses.Where((use) => use.Item1 != use.Item2);
    }

    private void ReadType(TypeDefinition type, SignatureTypes signatures, AttributeTypes attributes)
    {
        Read(type.BaseType, signatures);
        ReadAttributes(type.GetCustomAttributes(), signatures, attributes);
        ReadParameters(type.GetGenericParameters(), signatures);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Read(reader.GetInterfaceImplementation(handle).Interface, signatures);
        }
        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            ReadAttributes(reader.GetPropertyDefinition(handle).GetCustomAttributes(), signatures, attributes);
        }
        foreach (EventDefinitionHandle handle in type.GetEvents())
        {
            ReadAttributes(reader.GetEventDefinition(handle).GetCustomAttributes(), signatures, attributes);
        }
        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = reader.GetFieldDefinition(handle);
            field.DecodeSignature(signatures, null);
            ReadAttributes(field.GetCustomAttributes(), signatures, attributes);
        }
        foreach (MethodDefinitionHandle handle in type.GetMethods()) ReadMethod(reader.GetMethodDefinition(handle), signatures, attributes);
    }

    private void ReadMethod(MethodDefinition method, SignatureTypes signatures, AttributeTypes attributes)
    {
        method.DecodeSignature(signatures, null);
        ReadAttributes(method.GetCustomAttributes(), signatures, attributes);
        ReadParameters(method.GetGenericParameters(), signatures);
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            ReadAttributes(reader.GetParameter(parameter).GetCustomAttributes(), signatures, attributes);
        }
        if (method.RelativeVirtualAddress == 0) return;
        MethodBodyBlock body = assembly.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil) reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(signatures, null);
        foreach (ExceptionRegion region in body.ExceptionRegions) Read(region.CatchType, signatures);
        foreach (EntityHandle token in MethodBodies.Tokens(body.GetILBytes()!)) Read(token, signatures);
    }

    private void ReadParameters(GenericParameterHandleCollection parameters, SignatureTypes signatures)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in reader.GetGenericParameter(handle).GetConstraints())
            {
                Read(reader.GetGenericParameterConstraint(constraint).Type, signatures);
            }
        }
    }

    private void ReadAttributes(CustomAttributeHandleCollection handles, SignatureTypes signatures, AttributeTypes attributes)
    {
        foreach (CustomAttributeHandle handle in handles)
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            Read(attribute.Constructor, signatures);
            attribute.DecodeValue(attributes);
        }
    }

    private void Read(EntityHandle handle, SignatureTypes signatures)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                signatures.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(signatures, null);
                break;
            case HandleKind.FieldDefinition:
                Read(reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType(), signatures);
                break;
            case HandleKind.MethodDefinition:
                Read(reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), signatures);
                reader.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(signatures, null);
                break;
            case HandleKind.MemberReference:
                ReadMember(reader.GetMemberReference((MemberReferenceHandle)handle), signatures);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                Read(method.Method, signatures);
                method.DecodeSignature(signatures, null);
                break;
            case HandleKind.StandaloneSignature:
                reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(signatures, null);
                break;
            default:
                break;
        }
    }

    private void ReadMember(MemberReference member, SignatureTypes signatures)
    {
        Read(member.Parent, signatures);
        if (member.GetKind() == MemberReferenceKind.Field) member.DecodeFieldSignature(signatures, null);
        else member.DecodeMethodSignature(signatures, null);
    }
}
