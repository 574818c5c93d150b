using Enclave;
using Enclave.Agents.AI;
using Enclave.Samples;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

// An agent of Microsoft Agent Framework in code mode. Its scripts list invoices freely, and ask before each payment.
//   dotnet run --project samples/agent-framework
await using var enclave = new EnclaveHost();
AIFunction invoices = AIFunctionFactory.Create(
    () => new[] { new Invoice("acme", 120), new Invoice("globex", 80), new Invoice("initech", 4_000) }, "invoices", "Lists the open invoices.");
AIFunction pay = new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string to, int amount) => $"paid {amount} to {to}", "pay", "Pays an invoice."));

// Your model's client goes here, any IChatClient.
using var model = new ScriptedModel();
AIAgent agent = model.AsBuilder().UseCodeApprovals().BuildAIAgent(new ChatClientAgentOptions
{
    AIContextProviders = [new EnclaveCodeActProvider(enclave, new() { Tools = [invoices, pay] })],
});
AgentSession session = await agent.CreateSessionAsync();
AgentResponse response = await agent.RunAsync("Pay the open invoices.", session);
while (Requests(response) is { Length: > 0 } requests)
{
    var answers = new ChatMessage(ChatRole.User, [.. requests.Select(Decide)]);
    response = await agent.RunAsync(answers, session);
}

Console.WriteLine($"--- answer: {response.Text}");

static ToolApprovalRequestContent[] Requests(AgentResponse response) =>
    [.. response.Messages.SelectMany((message) => message.Contents).OfType<ToolApprovalRequestContent>()];

// A person decides here. This one pays small amounts.
static AIContent Decide(ToolApprovalRequestContent request)
{
    var call = (FunctionCallContent)request.ToolCall;
    bool isSmall = int.Parse($"{call.Arguments!["amount"]}", null) < 1_000;
    Console.WriteLine($"--- {call.Name}({call.Arguments["to"]}, {call.Arguments["amount"]}): {(isSmall ? "yes" : "no")}");
    return request.CreateResponse(isSmall, isSmall ? null : "ask the director");
}

internal sealed record Invoice(string From, int Amount);
