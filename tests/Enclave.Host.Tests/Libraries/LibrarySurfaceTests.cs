using System.Text;
using Enclave.Guard;
using Enclave.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Libraries in the rest of a host: its guard, its recordings, its configuration, its texts for models.</summary>
public sealed class LibrarySurfaceTests
{
    private static readonly Library s_lib = new("lib", "exports.twice = (n) => n * 2; exports.roll = () => Math.random(); exports.at = Date.now()")
    {
        Description = "Doubles numbers.",
        TypeScript = "{ twice(n: number): number; roll(): number; at: number }",
    };

    public static TheoryData<SecurityLevel, GuardPreset> Rules =>
        new(Enum.GetValues<SecurityLevel>().SelectMany((level) => Enum.GetValues<GuardPreset>().Select((preset) => (level, preset))));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Scripts_may_name_a_library_under_all_rules_and_no_other(SecurityLevel level, GuardPreset preset)
    {
        TestLauncher.NeedsLevel(level);
        EnclaveOptions options = LibraryHost.Options(level, s_lib);
        options.Preset = preset;
        await using var host = new EnclaveHost(options);

        Assert.Empty(host.Validate("return lib.twice(21)").Issues);
        Assert.Equal("42", await host.Json("return lib.twice(21)"));
        if (preset == GuardPreset.AgentScript) Assert.NotEmpty(host.Validate("return library.twice(21)").Issues);
        // Its members are known.
        if (preset is not (GuardPreset.Permissive or GuardPreset.JavaScript)) Assert.False(host.Validate("return lib.constructor('return 1')()").Valid);
    }

    [Fact]
    public async Task A_script_is_still_counted_and_its_keys_are_still_checked()
    {
        await using EnclaveHost host = LibraryHost.With(s_lib);

        Assert.Equal(ErrorCode.MaxIterations, (await host.Error("for (let i = 0; i < 1e9; i++) lib.twice(i)", new RunOptions { MaxIterations = 100 })).Code);
        Assert.Contains("cannot be used", (await host.Error("return lib[args.key]",
            new RunOptions { Globals = new Dictionary<string, object?> { ["args"] = new { key = "constructor" } } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_names_its_libraries_and_a_host_with_others_does_not_replay_it()
    {
        await using EnclaveHost host = LibraryHost.With(s_lib), plain = LibraryHost.With(), other = LibraryHost.With(new Library("lib", s_lib.Source + " ")),
            more = LibraryHost.With(s_lib, new Library("second", "exports.a = 1"));
        ExecutionResult result = await host.RunAsync(
            "return [lib.twice(4), lib.roll(), lib.at]", new RunOptions { Record = true }, TestContext.Current.CancellationToken);
        ExecutionRecording recording = ExecutionRecording.Parse(result.Recording!.ToJsonString());

        Assert.Equal(s_lib.Sha256, recording.Libraries["lib"]);
        ReplayReport report = await host.ReplayAsync(recording, TestContext.Current.CancellationToken);
        Assert.True(report.Matches, $"{report.Difference}");
        Assert.Empty(report.Warnings);
        await Refuses(plain, recording, "with the library lib, which this host does not have");
        await Refuses(other, recording, $"with the library lib of SHA-256 {s_lib.Sha256}");
        await Refuses(more, recording, "without the library second");
        ExecutionResult without = await plain.RunAsync("return 1", new RunOptions { Record = true }, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("libraries", without.Recording!.ToJsonString(), StringComparison.Ordinal);
        await Refuses(host, without.Recording, "without the library lib");
    }

    [Theory]
    [InlineData("\"libraries\": { \"\": \"HASH\" }")]
    [InlineData("\"libraries\": { \"lib\": \"1\" }")]
    [InlineData("\"libraries\": { \"lib\": null }")]
    [InlineData("\"libraries\": { \"lib\": 1 }")]
    [InlineData("\"libraries\": [ ]")]
    public async Task A_recording_with_odd_libraries_is_no_recording(string libraries)
    {
        await using EnclaveHost host = LibraryHost.With(s_lib);
        ExecutionResult result = await host.RunAsync("return 1", new RunOptions { Record = true }, TestContext.Current.CancellationToken);
        string json = result.Recording!.ToJsonString();
        int at = json.IndexOf("\"libraries\"", StringComparison.Ordinal), end = json.IndexOf('}', at) + 1;

        Assert.Throws<InvalidDataException>(
            () => ExecutionRecording.Parse(json[..at] + libraries.Replace("HASH", s_lib.Sha256, StringComparison.Ordinal) + json[end..]));
    }

    [Fact]
    public async Task Models_are_told_of_it()
    {
        await using EnclaveHost host = LibraryHost.With(s_lib, new Library("bare", "exports.a = 1"));

        string text = host.DescribeForModel();
        Assert.Contains("The library `lib` is there as a frozen global: Doubles numbers.", text, StringComparison.Ordinal);
        Assert.Contains("declare const lib: { twice(n: number): number; roll(): number; at: number };", text, StringComparison.Ordinal);
        Assert.Contains("declare const bare: any;", text, StringComparison.Ordinal);
        Assert.Contains("Doubles numbers.", host.DescribeForModel(ModelTextFormat.Markdown), StringComparison.Ordinal);
        Assert.Contains("\"lib\"", host.DescribeForModel(ModelTextFormat.JsonSchema), StringComparison.Ordinal);
        EnclaveOptions forbidden = LibraryHost.Options(SecurityLevel.Standard, s_lib);
        forbidden.Guard = forbidden.Guard with { AdditionalDisallowedIdentifiers = ["lib"] };
        await using var silent = new EnclaveHost(forbidden);
        Assert.DoesNotContain("lib:", silent.DescribeForModel(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_names_the_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, s_lib.Source);
            string entry = $$"""{ "Name": "lib", "Path": "{{file}}", "Sha256": "{{s_lib.Sha256}}", "Description": "Doubles.", "TypeScript": "{ twice(n:""" +
                $$""" number): number }" }""";
            await using ServiceProvider services = Services($$"""{ "Enclave": { "Libraries": [ {{entry}} ] } }""");

            var host = services.GetRequiredService<EnclaveHost>();
            Library read = Assert.Single(services.GetRequiredService<IOptions<EnclaveOptions>>().Value.Libraries);

            Assert.Equal(("lib", s_lib.Source, "Doubles.", "{ twice(n: number): number }"), (read.Name, read.Source, read.Description, read.TypeScript));
            Assert.Equal("42", await host.Json("return lib.twice(21)"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("""{ "Path": "x.js" }""", "has no Name")]
    [InlineData("""{ "Name": "lib" }""", "has no Path")]
    [InlineData("""{ "Name": "lib", "Path": "/does/not/exist.js" }""", "/does/not/exist.js")]
    [InlineData("""{ "Name": "lib", "Path": "x.js", "Source": "1" }""", "Source is not an option")]
    [InlineData("\"lib=x.js\"", "has no Name")]
    public void A_configured_library_without_a_part_is_refused_by_what_it_lacks(string entry, string words)
    {
        var fault = Assert.Throws<OptionsValidationException>(() =>
        {
            using ServiceProvider services = Services($$"""{ "Enclave": { "Libraries": [ {{entry}} ] } }""");
            return services.GetRequiredService<IOptions<EnclaveOptions>>().Value;
        });
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_where_an_application_starts()
    {
        var services = new ServiceCollection();
        services.AddEnclave((options) => options.Libraries = [new Library("let", "1")]);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains("reserved word", Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<EnclaveOptions>>().Value).Message,
            StringComparison.Ordinal);
    }

    private static async Task Refuses(EnclaveHost host, ExecutionRecording recording, string words)
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => host.ReplayAsync(recording, TestContext.Current.CancellationToken));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(string json)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEnclave(configuration.GetSection("Enclave"));
        services.PostConfigure<EnclaveOptions>((options) => options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>());
        return services.BuildServiceProvider();
    }
}
