using Enclave.Durable;
using Enclave.Limits;
using Enclave.Runs;

namespace Enclave;

/// <summary>Conversations: values that a script stores for later scripts (<see cref="RunOptions.Conversation"/>).</summary>
internal sealed class ConversationFeature : IRunFeature
{
    private static readonly (string Name, string? Type)[] s_globals = [.. ConversationTools.Types];

    public void Check(OptionFaults wrong, RunOptions run)
    {
        if (run.Durable is { } taken && ConversationStore.IsName(taken))
            wrong.Add(nameof(run.Durable), taken, "another name: conversations have these");
    }

    public IReadOnlyList<(string Name, string? Type)> GlobalsOf(RunOptions run) => run.Conversation is null ? [] : s_globals;

    public IToolInvoker Station(StationRank rank, HostParts host, RunOptions run, IToolInvoker next) =>
        rank == StationRank.Last && run.Conversation is { } conversation
            ? new ConversationTools(ConversationStore.KeyOf(run.Tenant, conversation), DurableFeature.RunsOf(host), next)
            : next;
}
