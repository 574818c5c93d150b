using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>The scripts of a conversation that wait for its user. The state is stored with the agent's session.</summary>
internal sealed class CodeState
{
    /// <summary>The scripts that wait, and those that have ended since, until the next invocation.</summary>
    public List<WaitingScript> Scripts { get; set; } = [];

    /// <summary>Messages that a service which keeps the conversation itself has not had yet.</summary>
    public List<ChatMessage> Held { get; set; } = [];
}

/// <summary>A script that waits, or waited, for the user.</summary>
internal sealed class WaitingScript
{
    /// <summary>The name of its durable run.</summary>
    public required string Run { get; init; }

    /// <summary>The id of the model's call of <c>run_code</c>.</summary>
    public required string Call { get; init; }

    /// <summary>Its calls that need approval.</summary>
    public List<WaitingCall> Calls { get; set; } = [];

    /// <summary>True once the model has its result.</summary>
    public bool IsOver { get; set; }
}

/// <summary>A call of a script that needs the user's approval.</summary>
internal sealed class WaitingCall
{
    /// <summary>The token of the decision.</summary>
    public required string Token { get; init; }

    /// <summary>The tool's name.</summary>
    public required string Tool { get; init; }

    /// <summary>The arguments of the call, an object.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>The id under which the user is asked; null before.</summary>
    public string? Id { get; set; }

    /// <summary>True once the user has decided, or the run no longer waits for it.</summary>
    public bool IsDecided { get; set; }
}
