using Enclave.Architecture.Tests.Layers;

namespace Enclave.Architecture.Tests.Members;

/// <summary>Each member of the product is used by the product, or its users can use it. What only tests use is theirs.</summary>
public sealed class UnusedMemberTests
{
    [Fact]
    public void Every_member_has_a_use()
    {
        var uses = new MemberUses();
        foreach (string project in SourceProjects.Compiled) uses.Read(Path.Combine(AppContext.BaseDirectory, $"{project}.dll"));

        Assert.True(!uses.Unused.Any(), string.Join("\n", uses.Unused));
    }
}
