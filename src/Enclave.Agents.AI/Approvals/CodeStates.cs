using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>The state of one session, as the agent stores it.</summary>
internal sealed partial class CodeStates(AgentSession session)
{
    /// <summary>Its key in the session.</summary>
    public const string Key = "EnclaveCodeActProvider";

    private static readonly ProviderSessionState<CodeState> s_states = new(static (_) => new CodeState(), Key, Settings());

    /// <summary>The present state. Save it after each change.</summary>
    public CodeState State { get; } = s_states.GetOrInitializeState(session);

    public void Save() => s_states.SaveState(session, State);

    private static JsonSerializerOptions Settings()
    {
        var settings = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions);
        settings.TypeInfoResolverChain.Insert(0, StateContext.Default);
        settings.MakeReadOnly();
        return settings;
    }

    [JsonSerializable(typeof(CodeState))]
    private sealed partial class StateContext : JsonSerializerContext;
}
