using Enclave;
using Enclave.Guard;
using Enclave.Samples;

// Plug-ins are folders with a manifest and a script. A plug-in may call only the tools in its manifest that the operator allows.
var tools = new Dictionary<string, Func<string, string>>(StringComparer.Ordinal)
{
    ["text:upper"] = (text) => text.ToUpperInvariant(),
    ["secret:read"] = (_) => "the secret",
};
await using var enclave = new EnclaveHost(new EnclaveOptions
{
    Timeout = TimeSpan.FromSeconds(1),
    ToolHandler = (name, args, context) =>
    {
        // The manifest stays in the host, where the script cannot change it.
        var plugin = (Plugin)context.Context!;
        if (!plugin.Tools.Contains(name)) throw new ToolException($"{plugin.Name} may not call {name}") { Code = "NOT_ALLOWED" };
        return new(tools[name](args["text"].AsString()));
    },
});

foreach (Plugin plugin in Plugin.In(Path.Combine(AppContext.BaseDirectory, "plugins"), tools.Keys))
{
    var run = new RunOptions
    {
        Context = plugin,
        Tenant = plugin.Name,
        SourceName = $"{plugin.Name}.js",
        Globals = new Dictionary<string, object?> { ["input"] = "hello" },
    };
    // Checked at installation, not when a user first needs it.
    if (enclave.Validate(plugin.Code, run) is { Valid: false } refused)
    {
        Console.WriteLine($"{plugin.Name}: not loaded, {refused.Issues.First((issue) => issue.Severity == IssueSeverity.Error).Message}");
        continue;
    }

    ExecutionResult result = await enclave.RunAsync(plugin.Code, run);
    Console.WriteLine($"{plugin.Name}: {(result.Success ? result.Value.ToJsonString() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}")}");
}
