using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>No packet leaves a worker.</summary>
[Collection(Jail.Collection)]
public sealed class NetworkAttackTests
{
    private const int Stream = 1, Datagram = 2, Raw = 3;

    // bits/socket.h.
    private static readonly (string Name, int Family, int Type)[] s_sockets =
    [
        ("AF_INET", 2, Stream), ("AF_INET6", 10, Stream), ("AF_UNIX", 1, Datagram), ("AF_NETLINK", 16, Raw), ("AF_PACKET", 17, Raw), ("AF_VSOCK", 40, Stream),
    ];

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I4_No_socket_can_be_made(SecurityLevel level, string form)
    {
        await using InjectedHost host = Jail.Open(level, form);
        foreach ((string name, int family, int type) in s_sockets) await host.AssertForbidden(name, (tracee) => tracee.Call(SystemCall.Socket, family, type));
    }

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Strict)]
    public async Task I4_A_jail_has_no_network_but_its_own_loopback_which_is_down(SecurityLevel level)
    {
        await using InjectedHost host = Jail.Open(level, Jail.Bubblewrap);
        int pid = await host.Worker();
        Assert.NotEqual(ProcFile.Link("/proc/self/ns/net"), ProcFile.Link($"/proc/{pid}/ns/net"));
        // Two lines of headings, then "  lo: …", one line for each interface.
        string[] interfaces = [.. (await File.ReadAllLinesAsync($"/proc/{pid}/net/dev")).Skip(2).Select((line) => line.Split(':')[0].Trim())];
        Assert.Equal(["lo"], interfaces);
        Assert.Empty((await File.ReadAllLinesAsync($"/proc/{pid}/net/route")).Skip(1));
    }

    [Theory]
    [ClassData(typeof(JailData))]
    public async Task I4_A_service_of_the_host_is_out_of_reach_without_the_filter_and_the_limits_too(SecurityLevel level, string form)
    {
        Attack connect = AttackTable.HeldTwice.Single((attack) => attack.Name == "connect to a TCP service of the host");
        using var target = new AttackTarget();
        await using InjectedHost host = new(Jail.Plan(level, form).Without(IsolationLayer.Seccomp, IsolationLayer.ResourceLimits));
        await host.AssertRefused("connect", ["EACCES", "ENETUNREACH", "ECONNREFUSED"], (tracee) => connect.Make(tracee, target));
    }
}
