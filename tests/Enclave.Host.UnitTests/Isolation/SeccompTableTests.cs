using System.Globalization;
using Enclave.Isolation.Seccomp;

namespace Enclave.Host.Tests;

/// <summary>The table of system calls: its numbers are the kernel's, and no line contradicts another.</summary>
public sealed class SeccompTableTests
{
    private const string Header = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h";

    [Fact]
    public void Numbers_are_those_of_the_kernels_header()
    {
        Assert.SkipUnless(File.Exists(Header), $"{Header} is not here: apt-get install -y linux-libc-dev");
        Dictionary<string, int> numbers = File.ReadLines(Header).Select((line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where((words) => words is ["#define", { Length: > 5 } name, _] && name.StartsWith("__NR_", StringComparison.Ordinal))
            .ToDictionary((words) => words[1][5..], (words) => int.Parse(words[2], CultureInfo.InvariantCulture), StringComparer.Ordinal);

        Assert.True(numbers.Count > 300, $"{Header} was not understood");
        Assert.All(SeccompTable.Rules, (rule) => Assert.Equal(numbers.GetValueOrDefault(rule.Name, -1), rule.Number));
    }

    [Fact]
    public void No_line_stands_twice_and_none_is_out_of_reach()
    {
        foreach (IGrouping<int, SeccompRule> call in SeccompTable.Rules.GroupBy((rule) => rule.Number))
        {
            SeccompRule[] lines = [.. call];
            Assert.Single(lines.Select((line) => line.Name).Distinct());
            Assert.Equal(lines.Length, lines.Select((line) => $"{string.Join(' ', line.Conditions)} {line.Switches}").Distinct().Count());
            // A line without conditions makes every later line of its filters useless.
            for (int i = 0; i < lines.Length - 1; i++)
                Assert.False(lines[i] is { Conditions: [], Switches: SeccompSwitch.Always }, $"a line after {lines[i].Name} is never reached");
            // A call is either allowed or refused with an error, not both.
            Assert.Single(lines.Select((line) => line.Error).Distinct());
        }
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("connect")]
    [InlineData("execve")]
    [InlineData("fork")]
    [InlineData("vfork")]
    [InlineData("kill")]
    [InlineData("ptrace")]
    [InlineData("process_vm_readv")]
    [InlineData("pidfd_getfd")]
    [InlineData("memfd_create")]
    [InlineData("mount")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("bpf")]
    [InlineData("io_uring_setup")]
    [InlineData("userfaultfd")]
    [InlineData("keyctl")]
    [InlineData("add_key")]
    [InlineData("perf_event_open")]
    [InlineData("setuid")]
    [InlineData("seccomp")]
    [InlineData("prctl")]
    [InlineData("clone")]
    [InlineData("clone3")]
    [InlineData("mremap")]
    [InlineData("timerfd_settime")]
    public void I11_A_call_that_reaches_out_is_in_no_line_of_a_worker(string name) =>
        Assert.DoesNotContain(SeccompTable.Rules, (rule) => rule.Name == name && rule.Switches != SeccompSwitch.WhenNursery);

    [Theory]
    [InlineData("socket")]
    [InlineData("connect")]
    [InlineData("execve")]
    [InlineData("clone3")]
    [InlineData("kill")]
    [InlineData("ptrace")]
    [InlineData("process_vm_readv")]
    [InlineData("pidfd_send_signal")]
    [InlineData("openat2")]
    [InlineData("mount")]
    [InlineData("unshare")]
    [InlineData("setns")]
    public void A_nursery_reaches_nothing_but_its_host_and_its_cells(string name) => Assert.DoesNotContain(SeccompTable.Rules, (rule) => rule.Name == name);

    [Fact]
    public void A_line_is_read_as_it_is_written()
    {
        Assert.Equal(new SeccompRule(202, "futex", 0, [], SeccompSwitch.Always), Line("202 futex allow"), Same);
        Assert.Equal(new SeccompRule(435, "clone3", 38, [], SeccompSwitch.Always), Line("  435   clone3 ENOSYS  # a thread"), Same);
        Assert.Equal(new SeccompRule(56, "clone", 11, [new(0, ArgumentComparison.Masked, 0x10000, 0x10000)], SeccompSwitch.Always),
            Line("56 clone EAGAIN a0&10000=10000"), Same);
        Assert.Equal(new SeccompRule(7, "poll", 0, [new(1, ArgumentComparison.AtMost, 2)], SeccompSwitch.Always), Line("7 poll allow a1<=2"), Same);
        Assert.Equal(new SeccompRule(234, "tgkill", 13, [new(0, ArgumentComparison.OwnProcess, 0)], SeccompSwitch.WhenNoExec),
            Line("234 tgkill EACCES a0=pid when noexec"), Same);
        Assert.Equal(new SeccompRule(56, "clone", 0, [new(0, ArgumentComparison.Equal, 0x1011)], SeccompSwitch.WhenNursery),
            Line("56 clone allow a0=1011 when nursery"), Same);
        Assert.Equal(
            new SeccompRule(9, "mmap", 1, [new(3, ArgumentComparison.Equal, 0xffffffff), new(5, ArgumentComparison.Masked, 0, 4)], SeccompSwitch.UnlessNoExec),
            Line("9 mmap EPERM a3=ffffffff a5&4=0 unless noexec"), Same);
    }

    [Fact]
    public void Empty_lines_and_remarks_are_none() => Assert.Empty(SeccompTable.Parse("\n  \n# 1 write allow\n\t\n"));

    [Theory]
    [InlineData("futex allow")]
    [InlineData("202 futex")]
    [InlineData("202")]
    [InlineData("allow futex 202")]
    [InlineData("-1 futex allow")]
    [InlineData("0x10 futex allow")]
    [InlineData("99999999999 futex allow")]
    [InlineData("202 futex ALLOW")]
    [InlineData("202 futex EIO")]
    [InlineData("202 futex kill")]
    [InlineData("202 futex allow a6=0")]
    [InlineData("202 futex allow b0=0")]
    [InlineData("202 futex allow a0")]
    [InlineData("202 futex allow a0=")]
    [InlineData("202 futex allow a0=FF")]
    [InlineData("202 futex allow a0=0x1")]
    [InlineData("202 futex allow a0=123456789")]
    [InlineData("202 futex allow a0>=1")]
    [InlineData("202 futex allow a0&=1")]
    [InlineData("202 futex allow a0&1 =1")]
    [InlineData("202 futex allow a0=1,a1=2")]
    [InlineData("202 futex allow noexec")]
    [InlineData("202 futex allow when jit")]
    [InlineData("202 futex allow when")]
    [InlineData("202 futex when noexec")]
    [InlineData("202 futex allow when noexec a0=1")]
    // Conditions that no argument can meet, or that contradict each other.
    [InlineData("202 futex allow a0&1=2")]
    [InlineData("202 futex allow a0&ff<=2")]
    [InlineData("202 futex allow a0<=pid")]
    [InlineData("202 futex allow a0&ff=pid")]
    // The system calls of x32 begin here.
    [InlineData("1073741824 futex allow")]
    public void A_line_of_another_form_is_refused_by_its_words(string line)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => SeccompTable.Parse("202 futex allow\n" + line));
        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
    }

    private static SeccompRule Line(string text) => Assert.Single(SeccompTable.Parse(text));

    private static bool Same(SeccompRule one, SeccompRule other) =>
        one.Conditions.SequenceEqual(other.Conditions)
            && (one.Number, one.Name, one.Error, one.Switches) == (other.Number, other.Name, other.Error, other.Switches);
}
