using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>Agents and answers as the tests need them.</summary>
internal static class Agents
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An agent that asks for each call.</summary>
    public static AIAgent Asking(this IChatClient model, EnclaveCodeActProvider provider, params AITool[] direct) =>
        model.AsBuilder().UseCodeApprovals().BuildAIAgent(Options(provider, direct));

    /// <summary>An agent with the provider alone.</summary>
    public static AIAgent Plain(this IChatClient model, EnclaveCodeActProvider provider, params AITool[] direct) =>
        model.AsAIAgent(Options(provider, direct));

    public static EnclaveCodeActProvider Provider(this IEnclave enclave, params AITool[] tools) => new(enclave, new EnclaveCodeActOptions { Tools = tools });

    public static AITool Asked(AIFunction function) => new ApprovalRequiredAIFunction(function);

    public static ToolApprovalRequestContent[] Requests(AgentResponse response) =>
        [.. response.Messages.SelectMany((message) => message.Contents).OfType<ToolApprovalRequestContent>()];

    /// <summary>The user's answers.</summary>
    public static ChatMessage Answers(params AIContent[] contents) => new(ChatRole.User, contents);

    public static ChatMessage Approve(AgentResponse response) =>
        Answers([.. Requests(response).Select((request) => request.CreateResponse(approved: true))]);

    private static ChatClientAgentOptions Options(EnclaveCodeActProvider provider, AITool[] direct) => new()
    {
        Name = "assistant",
        ChatOptions = new ChatOptions { Instructions = "Be brief.", Tools = direct },
        AIContextProviders = [provider],
    };
}
