using Enclave.Tests;

namespace Enclave.Mcp.Tests;

/// <summary>Servers that others wrote, out of this project's interop folder (npm_tools mcp-interop), and one of these tests that means harm.</summary>
internal static class NpmServer
{
    private static readonly string s_modules = Path.Combine(Repository.Root, "artifacts", "npm", "mcp-interop", "node_modules");

    public static string Node { get; } = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    /// <summary>The file of a package's program.</summary>
    public static string Program(string package, string file) => Path.Combine(s_modules, "@modelcontextprotocol", package, file);

    public static McpCommand Everything(params string[] arguments) => new(Node) { Arguments = [Program("server-everything", "dist/index.js"), .. arguments] };

    public static McpCommand Filesystem(string folder) => new(Node) { Arguments = [Program("server-filesystem", "dist/index.js"), folder] };

    /// <summary>The server of <c>hostile/server.mjs</c>.</summary>
    public static McpCommand Hostile(string harm, params string[] arguments) =>
        new(Node) { Arguments = [Path.Combine(Repository.Root, "tests", "Enclave.Mcp.Tests", "hostile", "server.mjs"), harm, .. arguments] };

    public static McpCommand Memory(string file) =>
        new(Node) { Arguments = [Program("server-memory", "dist/index.js")], Environment = new Dictionary<string, string> { ["MEMORY_FILE_PATH"] = file } };
}
