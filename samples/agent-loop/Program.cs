using Enclave;
using Enclave.Samples;

// A model answers a question about data by writing code. The guard checks the code, a worker runs it beside the data, and the model receives every error.
const int MaxTurns = 5;
const string Question = "Which region sold most, and what share of all sales is that?";
var sales = new Sale[] { new("north", 120), new("south", 340), new("north", 80), new("west", 60) };

var options = new EnclaveOptions { SecurityLevel = SecurityLevel.Standard, Timeout = TimeSpan.FromSeconds(2), MaxToolCalls = 5 };
options.Tools.Add(
    "sales:query",
    (SalesQuery query, ToolContext _, CancellationToken _) =>
        Task.FromResult(sales.Where((sale) => query.Region is null || sale.Region == query.Region).ToArray()),
    new ToolOptions { Description = "Sales, of one region or of all." });
await using var enclave = new EnclaveHost(options);

// Put your model's client here. The loop only needs text in and text out.
var model = new ScriptedModel();
string prompt = Question;
for (int turn = 1; turn <= MaxTurns; turn++)
{
    string answer = await model.CompleteAsync(prompt);
    Console.WriteLine($"--- turn {turn}, the model writes:\n{answer.Trim()}");
    ModelProgram program = ModelText.ExtractProgram(answer);
    if (!program.Success)
    {
        prompt = program.Refusal;
        Console.WriteLine($"--- no program, the model is told:\n{prompt}");
        continue;
    }

    ExecutionResult result = await enclave.RunAsync(program.Source, new RunOptions { SourceName = $"turn-{turn}.js", Language = program.Language });
    if (result.Success)
    {
        Console.WriteLine($"--- answer: {result.Value.ToJsonString()}");
        return 0;
    }

    prompt = result.Error!.ToModelText();
    Console.WriteLine($"--- refused, the model is told:\n{prompt}");
}

Console.WriteLine($"--- no answer in {MaxTurns} turns");
return 1;

internal sealed record Sale(string Region, int Amount);

internal sealed record SalesQuery(string? Region = null);
