using System.Security.Cryptography;
using System.Text;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Unusable libraries: refused when the host is created, or reported by name as soon as a worker evaluates them.</summary>
public sealed class LibraryFaultTests
{
    public static TheoryData<string> OddNames => ["", "1a", "a b", "a-b", "ä", "a\u200d", "let", "yield", "await", "class", "eval", "arguments", "undefined",
        "__proto__", "__ag_x", "__safe_x", "toString", new string('a', 65), "a;throw 1", "\\u0061"];

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Odd_names_are_refused(string name) => Refused("name", new Library(name, "exports.a = 1"));

    [Fact]
    public void One_name_is_one_library() => Refused("twice", new Library("a", "exports.a = 1"), new Library("a", "exports.a = 1"));

    [Fact]
    public void At_most_sixteen() => Refused("at most 16", [.. Enumerable.Range(0, 17).Select((i) => new Library($"a{i}", "exports.a = 1"))]);

    [Fact]
    public void At_most_two_megabytes_each() => Refused("at most 2097152", new Library("a", new string(' ', (2 << 20) + 1)));

    [Fact]
    public void At_most_eight_megabytes_in_all() =>
        Refused("at most 8388608", [.. Enumerable.Range(0, 5).Select((i) => new Library($"a{i}", new string(' ', 2 << 20)))]);

    [Theory]
    [InlineData("exports.a = ", "line 1, column 13")]
    [InlineData("\n}); throw 1; (function () {", "line 2, column 1")]
    [InlineData("export const a = 1", "ECMAScript module")]
    [InlineData("import a from 'a'", "ECMAScript module")]
    [InlineData("await 1", "line 1")]
    public void A_library_that_does_not_parse_is_refused_with_its_place(string source, string words) => Refused(words, new Library("a", source));

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        Assert.Contains("Unicode", Assert.Throws<ArgumentException>(() => new Library("a", "'\ud800'")).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_hash_is_another_file()
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("exports.a = 1")));

        Assert.Equal(hash.ToLowerInvariant(), new Library("a", "exports.a = 1", hash).Sha256);
        Assert.Contains("another file", Assert.Throws<ArgumentException>(() => new Library("a", "exports.a = 2", hash)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Library("a", "exports.a = 1", ""));
    }

    [Fact]
    public async Task A_global_of_the_host_or_of_a_run_cannot_have_its_name()
    {
        var globals = new Dictionary<string, object?> { ["lib"] = 1 };
        EnclaveOptions options = LibraryHost.Options(SecurityLevel.Standard, new Library("lib", "exports.a = 1"));
        await using var host = new EnclaveHost(options);

        await Assert.ThrowsAsync<ArgumentException>(
            () => host.RunAsync("return 1", new RunOptions { Globals = globals }, TestContext.Current.CancellationToken));
        options.Globals = globals;
        Assert.Contains("both have", Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    private static void Refused(string words, params Library[] libraries)
    {
        var fault = Assert.Throws<ArgumentException>(() => LibraryHost.With(libraries));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 1, 400);
    }
}
