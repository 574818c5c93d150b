using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Sidecar;

/// <summary>Stands before a run's tools. Tools get whole arguments, and the script gets small results. It answers <c>load()</c> itself.</summary>
internal sealed class SidecarTools(IToolInvoker tools, ReferenceRun run) : IToolInvoker
{
    /// <summary>The tool name of a reference's <c>load()</c> (Bootstrap/references.js). It counts like any other call.</summary>
    public const string Load = "enclave:load";

    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        CancellationToken ended = call.Context.CancellationToken;
        using var used = new EntriesInUse(call.Memory);
        if (call.Name == Load) return await run.LoadAsync(Wanted(call.Args), used, ended).ConfigureAwait(false);
        ScriptValue args = await run.ResolveAsync(call.Args, used, ended).ConfigureAwait(false);
        if (args.Kind != ScriptValueKind.Object) throw ReferenceFault.NotAnObject();
        ScriptValue value = await tools.CallAsync(call.Args.HasReference
            ? new ToolInvocation(call.Job, call.Id, call.Name, args, call.Context) { Memory = call.Memory }
            : call).ConfigureAwait(false);
        return await run.LiftAsync(value, ended).ConfigureAwait(false);
    }

    /// A script that calls this name itself gets no more than with load(): data that looks like a reference is not one.
    private static ScriptReference Wanted(ScriptValue args) =>
        args.Kind == ScriptValueKind.Object && args.TryGetProperty("reference", out ScriptValue wanted) && wanted.Kind == ScriptValueKind.Reference
            ? wanted.AsReference()
            : throw ReferenceFault.Unknown();
}
