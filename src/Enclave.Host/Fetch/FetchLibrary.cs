using System.Security.Cryptography;
using System.Text;
using Enclave.Guard;

namespace Enclave.Fetch;

/// <summary>
/// The script's side of <c>fetch</c>: libraries of the host's own, which its workers evaluate before their checkpoint. Hosts without <c>fetch</c> have none of
/// these libraries.
/// </summary>
internal static class FetchLibrary
{
    private const string Folder = "Enclave.Fetch.";

    // Recordings and durable runs have this name in place of the text, so that a later build may improve the text. Change the number when the behaviour
    // changes.
    private const string Version = "enclave fetch 1";

    public static IReadOnlyList<string> Names { get; } = [FetchTool.Name, "Request", "Response"];

    private static readonly Lazy<IReadOnlyList<Library>> s_all = new(() =>
    [
        Own(FetchTool.Name, Text("body.js") + Text("fetch.js")),
        // The library fetch gives its types to the libraries that follow it, and not to scripts.
        .. Names.Skip(1).Select((name) => Own(name, $"module.exports = require('{FetchTool.Name}')('{name}')")),
    ]);

    /// <summary>Empty without <c>fetch</c>.</summary>
    public static IReadOnlyList<Library> Of(FetchOptions? options) => options is null ? [] : s_all.Value;

    /// <summary>
    /// The globals that scripts may name. Under AgentScript from STANDARD, where the other globals of the web platform begin; not where an await is only for
    /// tools.
    /// </summary>
    public static IReadOnlyList<string> NamesFor(GuardPreset preset, SecurityLevel level) => preset switch
    {
        GuardPreset.AgentScript => level is SecurityLevel.Standard or SecurityLevel.Permissive ? Names : [],
        GuardPreset.Strict or GuardPreset.Secure => [],
        _ => Names,
    };

    private static Library Own(string name, string source) =>
        new(new Library(name, source), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Version))));

    private static string Text(string file)
    {
        using Stream stream = typeof(FetchLibrary).Assembly.GetManifestResourceStream(Folder + file)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
