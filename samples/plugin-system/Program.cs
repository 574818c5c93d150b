using Enclave;
using Enclave.Guard;
using Enclave.Samples;

// Plug-ins are folders with a manifest and a script. What a plug-in may call is what its manifest says and the operator let stand, nothing else.
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
        // The manifest travels beside the run, in the host: the script cannot touch it.
        var plugin = (Plugin)context.Context!;
        if (!plugin.Tools.Contains(name)) throw new ToolException($"{plugin.Name} may not call {name}") { Code = "NOT_ALLOWED" };
        return new(tools[name](args["text"].AsString()));
    },
});

foreach (Plugin plugin in Plugin.In(Path.Combine(AppContext.BaseDirectory, "plugins"), tools.Keys))
{
    var run = new RunOptions { Context = plugin, Tenant = plugin.Name, SourceName = $"{plugin.Name}.js", Globals = new Dictionary<string, object?> { ["input"] = "hello" } };
    // Checked when it is installed, not when a user first needs it.
    if (enclave.Validate(plugin.Code, run) is { Valid: false } refused)
    {
        Console.WriteLine($"{plugin.Name}: not loaded, {refused.Issues.First((issue) => issue.Severity == IssueSeverity.Error).Message}");
        continue;
    }

    ExecutionResult result = await enclave.RunAsync(plugin.Code, run);
    Console.WriteLine($"{plugin.Name}: {(result.Success ? result.Value.ToJsonString() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}")}");
}
