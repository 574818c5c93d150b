using Enclave;

// A refund above 100 waits for a person, two days at most. No process waits meanwhile: each command is a process of its own, and they share a folder.
//   refund ID AMOUNT       begins a refund
//   list                   shows what waits, with the token of each decision
//   decide TOKEN yes|no    answers
//   work                   goes on with all that is due; a timer of the system runs it every minute
string store = Environment.GetEnvironmentVariable("REFUND_STORE") ?? Path.Combine(Environment.CurrentDirectory, "refunds");
string key = Environment.GetEnvironmentVariable("REFUND_KEY") ?? throw new InvalidOperationException("REFUND_KEY=$(openssl rand -hex 32)");
var options = new EnclaveOptions
{
    Durable = new DurableOptions { Store = RunStore.InFolder(store), Keys = [Convert.FromHexString(key)], Wakes = false },
    // To try it out without waiting: REFUND_AHEAD=1.23:00:00 is 47 hours later.
    TimeProvider = new ClockAhead(TimeSpan.Parse(Environment.GetEnvironmentVariable("REFUND_AHEAD") ?? "0")),
};
// A payment that was begun and not answered is never begun again: the script is told.
options.Tools.Add("pay", (int id, double amount, ToolContext context) =>
{
    string version = new DirectoryInfo(AppContext.BaseDirectory).Name;
    File.AppendAllText(Path.Combine(store, "payments.txt"), $"order {id}: {amount}, paid by {version}, key {context.IdempotencyKey}\n");
    return $"paid by {version}";
});
await using var enclave = new EnclaveHost(options);

const string Script = """
    if (args.amount > 100) {
      let decision;
      try {
        decision = await waitFor('approval', { timeout: '2d' });
      } catch (e) {
        return e.code === 'TOOL_TIMEOUT' ? 'nobody decided within two days' : e.message;
      }
      if (decision !== 'yes') return 'refused';
    }
    return await callTool('pay', { id: args.id, amount: args.amount });
    """;

switch (args)
{
    case ["refund", var id, var amount]:
        var globals = new Dictionary<string, object?> { ["args"] = new { id = int.Parse(id), amount = double.Parse(amount) } };
        Show(await enclave.StartAsync(Script, new RunOptions { Durable = $"refund-{id}", Globals = globals }));
        return 0;
    case ["list"]:
        foreach (DurableRun run in await enclave.Runs.ListAsync()) Show(run);
        return 0;
    case ["decide", var token, "yes" or "no"]:
        await enclave.AnswerAsync(token, args[2]);
        return 0;
    case ["work"]:
        IReadOnlyList<DurableRun> waiting = await enclave.Runs.ListAsync(new RunQuery { State = DurableRunState.Suspended, Limit = 1000 });
        foreach (DurableRun run in waiting.Where((run) => run.Due <= options.TimeProvider.GetUtcNow())) Show(await enclave.ResumeAsync(run.Name));
        return 0;
    default:
        Console.Error.WriteLine("refund ID AMOUNT | list | decide TOKEN yes|no | work");
        return 2;
}

static void Show(DurableRun run) => Console.WriteLine(
    run.State != DurableRunState.Ended ? $"{run.Name} waits, token {run.Waits[0].Token}"
    : $"{run.Name}: {(run.Result is { Success: true } result ? result.Value.AsString() : run.Outcome)}");

internal sealed class ClockAhead(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
