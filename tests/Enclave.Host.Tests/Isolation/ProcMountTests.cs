using Enclave.Linux;

namespace Enclave.Host.Tests;

/// <summary>Reads from the text of the kernel that /proc hides other processes.</summary>
public sealed class ProcMountTests
{
    private const string NoRights = "0000000000000000", Trace = "0000000000080000", AllButTrace = "000001fffff7ffff";

    [Theory]
    [InlineData("rw", NoRights, null)]
    [InlineData("rw,hidepid=off", NoRights, null)]
    [InlineData("rw,hidepid=0", NoRights, null)]
    [InlineData("rw,hidepid=invisible", NoRights, "invisible")]
    [InlineData("rw,hidepid=noaccess", NoRights, "noaccess")]
    [InlineData("rw,hidepid=2", NoRights, "2")]
    [InlineData("rw,hidepid=invisible", Trace, null)]
    [InlineData("rw,hidepid=invisible", AllButTrace, "invisible")]
    // The group that may see all: of the process, one of its groups, another one, and none that counts.
    [InlineData("rw,gid=100,hidepid=invisible", NoRights, null)]
    [InlineData("rw,gid=27,hidepid=invisible", NoRights, null)]
    [InlineData("rw,gid=28,hidepid=invisible", NoRights, "invisible")]
    [InlineData("rw,gid=100,hidepid=ptraceable", NoRights, "ptraceable")]
    public void Hidepid_counts_without_the_right_to_trace_and_outside_of_its_group(string options, string rights, string? hides)
    {
        Dictionary<string, string> status = new() { ["CapEff"] = rights, ["Gid"] = "1\t100\t1\t1", ["Groups"] = "4 27" };

        Assert.Equal(hides, ProcMount.Find($"21 26 0:20 / /proc rw,nosuid shared:5 - proc proc {options}\n22 21 0:21 / /proc/sys ro - proc proc rw\n", status));
    }

    [Fact]
    public void The_last_mount_counts()
    {
        const string First = "21 26 0:20 / /proc rw - proc proc rw\n", Second = "44 21 0:38 / /proc rw - proc proc rw,hidepid=invisible\n";

        Assert.Equal("invisible", ProcMount.Find(First + Second, new Dictionary<string, string>()));
        Assert.Null(ProcMount.Find(Second + First, new Dictionary<string, string>()));
        Assert.Null(ProcMount.Find("", new Dictionary<string, string>()));
    }
}
