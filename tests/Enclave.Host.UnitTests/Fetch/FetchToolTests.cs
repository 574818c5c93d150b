using Enclave.Guard;
using Enclave.Host.Tests.Records;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Fetch;

/// <summary>A request is a call of a tool: what governs tools governs it.</summary>
public sealed class FetchToolTests
{
    [Theory]
    [InlineData(SecurityLevel.Standard, GuardPreset.AgentScript, true)]
    [InlineData(SecurityLevel.Permissive, GuardPreset.AgentScript, true)]
    [InlineData(SecurityLevel.Secure, GuardPreset.AgentScript, false)]
    [InlineData(SecurityLevel.Strict, GuardPreset.AgentScript, false)]
    [InlineData(SecurityLevel.Strict, GuardPreset.JavaScript, true)]
    [InlineData(SecurityLevel.Secure, GuardPreset.JavaScript, true)]
    [InlineData(SecurityLevel.Standard, GuardPreset.Strict, false)]
    public async Task Scripts_may_name_it_where_they_may_name_the_web_platform(SecurityLevel level, GuardPreset preset, bool named)
    {
        await using FetchBench bench = await FetchBench.Open();
        await using EnclaveHost host = bench.Host(change: (options) =>
            (options.SecurityLevel, options.Preset, options.AllowDegradedIsolation) = (level, preset, Enum.GetValues<IsolationLayer>()));

        GuardIssue[] issues = [.. host.Validate("const r = await fetch('https://a.b'); return r instanceof Response").Issues];

        Assert.Equal(named, !issues.Any((issue) => issue.Message.Contains("fetch", StringComparison.Ordinal)));
        string text = host.DescribeForModel();
        if (named) Assert.Contains($"as in browsers, with Request and Response, for: {bench.Origin} (GET", text, StringComparison.Ordinal);
        Assert.Equal(!named, text.Contains("callTool(name: 'fetch'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hints_and_texts_follow_the_option()
    {
        await using FetchBench bench = await FetchBench.Open();
        await using EnclaveHost with = bench.Host();
        await using EnclaveHost hidden = bench.Host(change: (options) => options.Guard = new GuardOptions { AllowedToolNames = ["other"] });
        await using var without = new EnclaveHost();

        Assert.StartsWith("Use await fetch(url).", with.Validate("return await axios.get('https://a.b')").Issues[0].Hint, StringComparison.Ordinal);
        Assert.StartsWith("There is no network", without.Validate("return await fetch('https://a.b')").Issues[0].Hint, StringComparison.Ordinal);
        Assert.False(hidden.Validate("return await fetch('https://a.b')").Valid);
        Assert.Contains("or fetch.", without.DescribeForModel(), StringComparison.Ordinal);
        Assert.DoesNotContain("or fetch.", with.DescribeForModel(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.example.com", "Origin is 'api.example.com'")]
    [InlineData("https://api.example.com/v1", "without a path")]
    [InlineData("https://user:pass@api.example.com", "Origin is '…'")]
    [InlineData("ftp://api.example.com", "a scheme (https or http)")]
    [InlineData("https://a.*.example.com", "a scheme (https or http)")]
    [InlineData("https://*example.com", "a scheme (https or http)")]
    public void An_origin_is_an_origin(string origin, string words)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => new EnclaveOptions { Fetch = new FetchOptions { Origins = [new FetchOrigin { Origin = origin }] } });

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_are_refused_together()
    {
        FetchOptions wrong = new()
        {
            Origins = [new FetchOrigin { Origin = "https://*.a.b", Methods = ["TRACE", "get"], Credential = HttpCredential.Bearer("X") }],
            MaxRedirects = 21,
            MaxBytesPerRun = 0,
        };

        string message = Assert.Throws<ArgumentException>(() => new EnclaveOptions { Fetch = wrong }).Message;

        foreach (string word in (string[])["'TRACE'", "'get'", "Credential is set", "MaxRedirects is 21", "MaxBytesPerRun is 0"])
            Assert.Contains(word, message, StringComparison.Ordinal);
        var taken = new EnclaveOptions();
        taken.Tools.Add("fetch", () => 1);
        Assert.Throws<ArgumentException>(() => taken.Fetch = new FetchOptions { Origins = [new FetchOrigin { Origin = "https://a.b" }] });
    }
}
