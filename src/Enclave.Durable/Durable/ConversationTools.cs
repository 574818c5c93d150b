using Enclave.Guard.Rules;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>Answers <c>store</c> and <c>load</c> of a run that belongs to a conversation. They are calls like those of tools, with their limits.</summary>
/// <param name="conversation">The conversation, which the host names and never the script.</param>
/// <param name="runs">The host's store.</param>
/// <param name="next">Gets all other calls.</param>
internal sealed class ConversationTools(RunKey conversation, DurableRuns runs, IToolInvoker next) : IToolInvoker
{
    private const int MaxKey = 200;

    /// <summary>The globals with their TypeScript types.</summary>
    public static IReadOnlyList<(string Name, string Type)> Types { get; } =
    [
        (RunGlobals.Store, "/* keeps data for later scripts of this conversation; undefined removes it */ (key: string, value: any) => Promise<void>"),
        (RunGlobals.Load, "/* what an earlier script stored, or undefined */ (key: string) => Promise<any>"),
    ];

    /// <inheritdoc/>
    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) =>
        ReservedCalls.IsOfConversation(call.Name) ? new(AnswerAsync(call)) : next.CallAsync(call);

    /// <inheritdoc/>
    public bool TakesAtOnce(ToolInvocation call) => !ReservedCalls.IsOfConversation(call.Name) && next.TakesAtOnce(call);

    private async Task<ScriptValue> AnswerAsync(ToolInvocation call)
    {
        if (call.Args["key"] is not { Kind: ScriptValueKind.String } given || given.AsString() is not { Length: > 0 and <= MaxKey } key
            || !Utf16.IsWellFormed(key))
            throw ToolFault.Of(ToolCode.InvalidArguments, $"the key of store and load is a text of 1 to {MaxKey} characters");
        ScriptValue value = call.Args["value"];
        if (value.HasReference) throw ToolFault.Of(ToolCode.InvalidArguments, "a reference cannot be stored: it ends with its run");
        // All values of a conversation are read for one of them, and written again.
        long bytes = runs.Host.Options.MaxConversationBytes + EncodedSize.Of(value);
        HeldMemory held = call.Memory.TryHoldMore(bytes) ?? throw ToolFault.Of(
            ToolCode.Busy,
            $"the run has no room for the {bytes} bytes that this call needs in the host (HostMemoryLimitPerRun): await calls before making others");
        try
        {
            bool isStore = call.Name == ReservedCalls.Store;
            CancellationToken ended = call.Context.CancellationToken;
            if (!isStore) return await runs.Conversations.LoadAsync(conversation, key, ended).ConfigureAwait(false);
            // Conversations whose time is over are removed with durable runs.
            runs.Open();
            await runs.Conversations.StoreAsync(conversation, key, value, ended).ConfigureAwait(false);
            return ScriptValue.Undefined;
        }
        catch (JournalException fault)
        {
            throw ToolFault.Of(fault.Fault == JournalFault.Full ? ToolCode.ConversationFull : ToolCode.ConversationUnavailable, fault.Message, fault);
        }
        finally
        {
            held.Release();
        }
    }
}
