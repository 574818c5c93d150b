using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Architecture.UnitTests.Members;

namespace Enclave.Architecture.UnitTests.Tiers;

/// <summary>
/// Finds the calls in a compiled project that wait until time has passed. A call that takes a <see cref="TimeProvider"/> waits for the test's clock.
/// </summary>
internal static class TimeWaits
{
    private static readonly HashSet<string> s_calls =
    [
        "System.Threading.Thread.Sleep", "System.Threading.Tasks.Task.Delay", "System.Threading.PeriodicTimer..ctor", "System.Threading.SpinWait.SpinUntil",
    ];

    /// <summary>Returns the outermost type of each call, and what it calls.</summary>
    public static IReadOnlyList<(string Type, string Call)> In(string assemblyPath)
    {
        using PEReader assembly = new(File.OpenRead(assemblyPath));
        MetadataReader reader = assembly.GetMetadataReader();
        HashSet<EntityHandle> waits = [.. reader.MemberReferences.Where((member) => IsWait(reader, member)).Select((member) => (EntityHandle)member)];
        return
        [
            .. from type in reader.TypeDefinitions
               from method in reader.GetTypeDefinition(type).GetMethods()
               let address = reader.GetMethodDefinition(method).RelativeVirtualAddress
               where address != 0
               from token in MethodBodies.Tokens(assembly.GetMethodBody(address).GetILBytes()!)
               where waits.Contains(token)
               select (TypeNames.Of(reader, OutermostTypes.Of(reader, type)), NameOf(reader, (MemberReferenceHandle)token)),
        ];
    }

    private static bool IsWait(MetadataReader reader, MemberReferenceHandle handle)
    {
        MemberReference member = reader.GetMemberReference(handle);
        if (member.GetKind() != MemberReferenceKind.Method || !s_calls.Contains(NameOf(reader, handle))) return false;
        bool hasClock = false;
        member.DecodeMethodSignature(
            new SignatureTypes((_) => { }, (type) => hasClock |= reader.GetString(reader.GetTypeReference(type).Name) == nameof(TimeProvider)), null);
        return !hasClock;
    }

    private static string NameOf(MetadataReader reader, MemberReferenceHandle handle)
    {
        MemberReference member = reader.GetMemberReference(handle);
        return TypeNames.Of(reader, member.Parent) is { } type ? $"{type}.{reader.GetString(member.Name)}" : "";
    }
}
